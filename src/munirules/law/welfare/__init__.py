"""福祉・社会保障: child and disability allowances, certificates, and what is tested and paid for them."""
