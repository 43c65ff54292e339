"""The fourteen areas of the city hall: one folder of `law/`, one file of a plugin, one hook each."""

from __future__ import annotations

from typing import Final

AREAS: Final[dict[str, str]] = {
    "residents": "住民",
    "elections": "選挙",
    "education": "教育",
    "tax": "税",
    "collection": "収納",
    "insurance": "国保・年金・介護",
    "welfare": "福祉・社会保障",
    "water": "上下水道",
    "fees": "手数料・使用料",
    "housing": "住宅",
    "finance": "財務",
    "payroll": "人事給与",
    "counter": "窓口",
    "office": "庁内共通",
}
