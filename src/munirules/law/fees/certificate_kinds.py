"""証明書の種類: what is issued at the window, by which register it is made, and so by which law one may ask for it."""

from __future__ import annotations

from munirules.models.choices import Choice


class Certificate(Choice):
    """A certificate, an inspection or a permit for which a fee is taken. `ANY` stands in tables only."""

    ANY = 0, "すべて", "any"
    RESIDENT_RECORD = 1, "住民票の写し", "copy of the resident record"
    RECORD_ITEMS = 2, "住民票記載事項証明書", "certificate of items of the resident record"
    REMOVED_RECORD = 3, "住民票の除票の写し", "copy of a removed resident record"
    RECORD_VIEW = 4, "住民基本台帳の一部の写しの閲覧", "inspection of the basic resident register"
    REGISTER = 11, "戸籍の謄本（全部事項証明書）", "family register, whole"
    REGISTER_EXTRACT = 12, "戸籍の抄本（個人・一部事項証明書）", "family register, extract"
    REGISTER_ITEMS = 13, "戸籍の記載事項の証明書", "items of the family register"
    REMOVED_REGISTER = 14, "除籍・改製原戸籍の謄本", "removed family register, whole"
    REMOVED_EXTRACT = 15, "除籍・改製原戸籍の抄本", "removed family register, extract"
    REMOVED_ITEMS = 16, "除籍の記載事項の証明書", "items of a removed family register"
    REGISTER_CODE = 17, "戸籍電子証明書提供用識別符号", "code for the electronic family register"
    REMOVED_CODE = 18, "除籍電子証明書提供用識別符号", "code for the electronic removed register"
    SUPPLEMENT = 19, "戸籍の附票の写し", "supplement to the family register"
    ACCEPTANCE = 21, "受理証明書", "certificate of acceptance"
    ACCEPTANCE_FINE = 22, "受理証明書（上質紙）", "certificate of acceptance on fine paper"
    NOTICE_ITEMS = 23, "届書の記載事項の証明書", "items of a notification"
    NOTICE_VIEW = 24, "届書の閲覧", "inspection of a notification"
    IDENTITY = 31, "身分証明書", "certificate of civil status"
    UNMARRIED = 32, "独身証明書", "certificate of being unmarried"
    SEAL = 41, "印鑑登録証明書", "seal certificate"
    SEAL_CARD = 42, "印鑑登録証の交付", "issue of a seal card"
    INCOME = 51, "所得・課税証明書", "income and tax certificate"
    HOUSEHOLD_INCOME = 52, "世帯の所得証明書", "income certificate of a household"
    TAX_PAID = 53, "納税証明書", "tax payment certificate"
    NO_ARREARS = 54, "完納証明書", "certificate of no arrears"
    INSPECTION_TAX_PAID = 55, "軽自動車税の納税証明書（継続検査用）", "light vehicle tax certificate for inspection"
    VALUATION = 56, "固定資産の評価証明書", "valuation certificate"
    CHARGE = 57, "固定資産の公課証明書", "property tax charge certificate"
    ASSETS = 58, "資産証明書", "certificate of assets"
    ROLL = 59, "名寄帳の写し", "copy of the tax roll by owner"
    DWELLING = 60, "住宅用家屋証明書", "certificate of a dwelling house"
    VEHICLE_ADDRESS = 71, "住所証明書（軽自動車登録用）", "address certificate for a light vehicle"
    DISASTER_DAMAGE = 72, "罹災証明書・被災証明書", "disaster damage certificate"
    EVACUATION = 73, "届出避難場所証明書", "certificate of a notified evacuation place"
    REBURIAL = 74, "改葬許可証", "reburial permit"
    OTHER = 99, "その他の証明", "other certificate"


class Family(Choice):
    """By what register a certificate is made, which says who may ask for it."""

    RECORD = 1, "住民票", "resident record"
    REGISTER = 2, "戸籍・戸籍の附票", "family register and its supplement"
    NOTICE = 3, "戸籍の届書", "notifications of civil status"
    STATUS = 4, "身分に関する証明", "civil status"
    SEAL = 5, "印鑑登録証明", "seal"
    SEAL_CARD = 6, "印鑑登録", "registration of a seal"
    TAX = 7, "税に関する証明", "tax"
    PROPERTY = 8, "固定資産に関する証明", "property"
    FREE = 9, "所持者の申請による証明", "whoever brings what it is about"
    OTHER = 10, "その他の証明", "other"


def family_of(kind: Certificate) -> Family:
    """Return the family of a certificate."""
    if kind == Certificate.RESIDENT_RECORD or kind == Certificate.RECORD_ITEMS or kind == Certificate.REMOVED_RECORD:
        return Family.RECORD
    if kind >= Certificate.REGISTER and kind <= Certificate.SUPPLEMENT:
        return Family.REGISTER
    if kind >= Certificate.ACCEPTANCE and kind <= Certificate.NOTICE_VIEW:
        return Family.NOTICE
    if kind == Certificate.IDENTITY or kind == Certificate.UNMARRIED:
        return Family.STATUS
    if kind == Certificate.SEAL:
        return Family.SEAL
    if kind == Certificate.SEAL_CARD:
        return Family.SEAL_CARD
    if kind >= Certificate.INCOME and kind <= Certificate.NO_ARREARS:
        return Family.TAX
    if kind >= Certificate.VALUATION and kind <= Certificate.DWELLING:
        return Family.PROPERTY
    if kind == Certificate.INSPECTION_TAX_PAID or kind == Certificate.VEHICLE_ADDRESS:
        return Family.FREE
    return Family.OTHER
