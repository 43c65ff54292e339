"""手数料・使用料: what the city hall issues, registers and carries away, who may ask for it, and what it costs."""
