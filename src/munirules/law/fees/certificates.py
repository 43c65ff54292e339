"""総合証明 (業務9): may this person have this certificate, on which ground, shown by which proof, at which fee.

Law: 住民基本台帳法 (昭和42年法律第81号) 第12条 (本人等), 第12条の2 (国・地方公共団体の機関), 第12条の3 (本人等以外の者,
特定事務受任者), 第12条の4 (広域交付); 戸籍法 (昭和22年法律第224号) 第10条, 第10条の2, 第10条の3, 第48条, 第120条の2 (広域交付);
for protected persons the 支援措置 of 住民基本台帳事務処理要領; for seals the municipality's 印鑑条例; for taxes 地方税法 第22条
(秘密). What of it is a figure stands in `identification.toml`.
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import equals, monotone
from munirules.law.fees.certificate_fee import CertificateFee, CertificateRequest
from munirules.law.fees.certificate_kinds import Certificate, Family, family_of
from munirules.models.choices import Choice
from munirules.models.declare import facts, provision, result
from munirules.models.fields import choice, count, flag, yen
from munirules.money import Yen


class Relation(Choice):
    """What who asks is to the person whom the certificate is about (対象者)."""

    OTHER = 0, "その他", "other"
    SELF = 1, "本人", "the person"
    SPOUSE = 2, "配偶者", "spouse"
    ASCENDANT = 3, "直系尊属", "ancestor in direct line"
    DESCENDANT = 4, "直系卑属", "descendant in direct line"


class Capacity(Choice):
    """As what somebody asks."""

    PRIVATE = 0, "私人", "private person"
    PUBLIC_OFFICE = 1, "国・地方公共団体の機関", "public office"
    PROFESSIONAL = 2, "弁護士等（特定事務受任者）", "lawyer or other professional by mandate"


class Agent(Choice):
    """Who comes in the place of who asks."""

    NONE = 0, "なし", "none"
    STATUTORY = 1, "法定代理人", "statutory agent"
    VOLUNTARY = 2, "任意代理人・使者", "agent by mandate, messenger"


class Purpose(Choice):
    """For what a third party needs it."""

    NOT_STATED = 0, "示されていない", "not stated"
    RIGHT_OR_DUTY = 1, "自己の権利の行使・義務の履行", "to exercise a right or fulfil a duty"
    SUBMISSION = 2, "国・地方公共団体の機関への提出", "to submit to a public office"
    LEGITIMATE = 3, "その他の正当な理由", "other legitimate reason"


class Channel(Choice):
    """How it is asked for."""

    COUNTER = 0, "窓口", "window"
    POST = 1, "郵送", "post"
    ONLINE = 2, "オンライン（電子署名）", "online, signed"
    ELSEWHERE = 3, "広域交付", "window of another municipality"


class Ground(Choice):
    """On which ground it is issued."""

    BY_RIGHT = 1, "本人等の請求", "request by right"
    PUBLIC_OFFICE = 2, "公用請求", "request of a public office"
    PROFESSIONAL = 3, "職務上請求", "request of a professional"
    THIRD_PARTY = 4, "第三者請求", "request of a third party"
    SEAL_CARD = 5, "印鑑登録証の提示", "seal card shown"


class Proof(Choice):
    """By what who comes was identified."""

    NOT_ASKED = 0, "確認を要しない", "not asked for"
    PHOTO = 1, "写真付きの書類", "document with photo"
    SEVERAL = 2, "複数の書類", "several documents"
    SIGNATURE = 3, "電子署名", "electronic signature"
    SEAL_CARD = 4, "印鑑登録証", "seal card"


@facts(title="請求者")
class Applicant:
    """Who asks, in whose place, and what was shown.

    Attributes:
        relation: to the person whom the certificate is about; of several, the one that gives most.
        same_household: whether on one 住民票 with that person now.
        capacity: private, a public office, a professional.
        agent: who comes for them.
        mandate: a document shows the agent's authority (委任状, 戸籍 …).
        channel: how it is asked for.
        purpose: for what a third party needs it.
        reason_shown: the third party stated, and where asked showed, why (疎明).
        photo_documents: documents with photo by a public body (運転免許証, 個人番号カード, 旅券, 在留カード …).
        plain_documents: documents without photo of the first kind (資格確認書, 年金証書 …).
        other_documents: documents of the second kind (学生証, 社員証, 預金通帳 …).
        seal_card: 印鑑登録証 is shown.
        protected: 支援措置 are in force for the person whom the certificate is about.
        opponent: who asks, or for whom an agent asks, is the one from whom that person is protected.
        improper: the request is plainly for an improper purpose (不当な目的), as the mayor finds.
    """

    relation: Relation = choice("対象者との関係", en="relation")
    same_household: bool = flag("同一世帯", en="same household", default=False)
    capacity: Capacity = choice("資格", en="capacity", default=Capacity.PRIVATE)
    agent: Agent = choice("代理人", en="agent", default=Agent.NONE)
    mandate: bool = flag("代理権限の書類", en="authority of the agent shown", default=False)
    channel: Channel = choice("請求の方法", en="channel", default=Channel.COUNTER)
    purpose: Purpose = choice("利用の目的", en="purpose", default=Purpose.NOT_STATED)
    reason_shown: bool = flag("理由の明示・疎明", en="reason shown", default=False)
    photo_documents: int = count("写真付きの本人確認書類", en="documents with photo", default=0)
    plain_documents: int = count("写真のない本人確認書類", en="documents without photo", default=0)
    other_documents: int = count("その他の本人確認書類", en="other documents", default=0)
    seal_card: bool = flag("印鑑登録証", en="seal card", default=False)
    protected: bool = flag("支援措置の対象者", en="protected person", default=False)
    opponent: bool = flag("支援措置の相手方", en="opponent of a protected person", default=False)
    improper: bool = flag("不当な目的", en="improper purpose", default=False)


@provision(title="本人確認")
class Identification:
    """How many documents identify who comes: with photo, or else several, of which some are of the first kind."""

    photo: int = count("写真付きの書類", by="nation", minimum=1)
    several: int = count("写真付きがないときの書類", by="nation", minimum=1)
    first_kind: int = count("うち健康保険の資格確認書等", by="nation")


@provision(title="証明書の代理請求")
class AgentRules:
    """What only the person can have, by practice or ordinance of the municipality."""

    unmarried_in_person: bool = flag("独身証明書は本人のみ", default=False)


@result(title="証明書の交付")
class CertificateIssue:
    """That it is issued: on which ground, by which proof, at which fee.

    Attributes:
        ground: on which ground.
        proof: by what who comes was identified.
        review: the request is looked at strictly, since the person is protected.
        basic_items_only: a third party gets the basic items of the resident record only (基礎証明事項).
        fee: the fee.
    """

    ground: Ground = choice("請求の根拠", en="ground")
    proof: Proof = choice("本人確認", en="proof")
    review: bool = flag("厳格な審査", en="strict review")
    basic_items_only: bool = flag("基礎証明事項に限る", en="basic items only")
    fee: Yen = yen("手数料", en="fee")


certificates = Decision(
    "fees.certificates",
    CertificateRequest,
    CertificateIssue,
    title="証明書の交付",
    on="請求日",
    authority="市町村長",
    law="住民基本台帳法第12条〜第12条の4・戸籍法第10条〜第10条の3",
)


def in_register(applicant: Applicant) -> bool:
    """Whether somebody is the person, its spouse or of its direct line (戸籍法第10条第1項)."""
    return (
        applicant.relation == Relation.SELF
        or applicant.relation == Relation.SPOUSE
        or applicant.relation == Relation.ASCENDANT
        or applicant.relation == Relation.DESCENDANT
    )


def by_right(kind: Certificate, applicant: Applicant) -> bool:
    """Whether the law lets this person ask without a reason."""
    family = family_of(kind)
    myself = applicant.relation == Relation.SELF
    if family == Family.RECORD:
        return myself or (applicant.same_household and kind != Certificate.REMOVED_RECORD)
    if family == Family.REGISTER:
        return in_register(applicant)
    if family == Family.PROPERTY:
        return myself or (applicant.same_household and applicant.relation != Relation.OTHER)
    return myself or family == Family.FREE


def third_party(kind: Certificate, applicant: Applicant) -> bool:
    """Whether the law lets a third party ask for this, for the purpose that was stated and shown."""
    family = family_of(kind)
    if not applicant.reason_shown:
        return False
    if family == Family.RECORD or family == Family.REGISTER:
        return applicant.purpose != Purpose.NOT_STATED
    if family == Family.NOTICE and (kind == Certificate.NOTICE_ITEMS or kind == Certificate.NOTICE_VIEW):
        return applicant.purpose != Purpose.NOT_STATED
    return family == Family.PROPERTY and applicant.purpose == Purpose.RIGHT_OR_DUTY


@certificates.rule("elsewhere", title="広域交付", until=date(2024, 2, 29), law="住民基本台帳法第12条の4", minor=True)
def elsewhere_before(request: CertificateRequest, applicant: Applicant) -> bool:
    """Elsewhere only the resident record could be had."""
    if applicant.channel == Channel.ELSEWHERE and request.kind != Certificate.RESIDENT_RECORD:
        refuse("広域交付は住民票の写しに限る（戸籍の広域交付は令和6年3月1日から）")
    return applicant.channel == Channel.ELSEWHERE


@certificates.rule(
    title="広域交付", since=date(2024, 3, 1), law="住民基本台帳法第12条の4・戸籍法第120条の2", minor=True
)
def elsewhere(request: CertificateRequest, applicant: Applicant) -> bool:
    """Whether it is issued by another municipality: the resident record, and the family register as a whole."""
    if applicant.channel != Channel.ELSEWHERE:
        return False
    kind = request.kind
    if kind != Certificate.RESIDENT_RECORD and kind != Certificate.REGISTER and kind != Certificate.REMOVED_REGISTER:
        refuse("広域交付は住民票の写し、戸籍・除籍の全部事項証明書に限る（住民基本台帳法第12条の4・戸籍法第120条の2）")
    return True


@certificates.rule(title="厳格な審査", law="住民基本台帳事務処理要領（支援措置）")
def review(request: CertificateRequest, applicant: Applicant) -> bool:
    """Whether the person is protected, so that a request that is not refused is looked at strictly."""
    family = family_of(request.kind)
    guarded = family == Family.RECORD or request.kind == Certificate.SUPPLEMENT
    if not applicant.protected or not guarded:
        return False
    if applicant.opponent:
        refuse("支援措置の相手方からの請求は、不当な目的によるものとして拒否する（住民基本台帳法第12条第6項・第20条）")
    away = applicant.agent != Agent.NONE or applicant.channel != Channel.COUNTER
    if away and applicant.capacity == Capacity.PRIVATE and by_right(request.kind, applicant):
        refuse("支援措置の対象者については、本人が窓口で請求する（代理人・使者・郵送等による請求に応じない）")
    return True


@certificates.rule(title="請求の根拠", law="住民基本台帳法第12条〜第12条の4・戸籍法第10条・第10条の2")
def ground(request: CertificateRequest, applicant: Applicant, elsewhere: bool) -> Ground:
    """On which ground it can be had; the law refuses where there is none."""
    if applicant.improper:
        refuse("不当な目的によることが明らかである（住民基本台帳法第12条第6項・戸籍法第10条第2項）")
    family = family_of(request.kind)
    if family == Family.SEAL:
        if not applicant.seal_card:
            refuse("印鑑登録証明書は、印鑑登録証を提示した者にのみ交付する（印鑑条例）")
        return Ground.SEAL_CARD
    if elsewhere and (applicant.agent != Agent.NONE or applicant.capacity != Capacity.PRIVATE):
        refuse("広域交付は、代理人・職務上・公用の請求によることができない")
    if applicant.agent != Agent.NONE and not applicant.mandate:
        refuse(
            "代理人は、その権限を明らかにする書類を示さなければならない（住民基本台帳法第12条第4項・戸籍法第10条の3第2項）"
        )
    by_law = family == Family.RECORD or family == Family.REGISTER
    if by_law and applicant.capacity == Capacity.PUBLIC_OFFICE:
        return Ground.PUBLIC_OFFICE
    if by_law and applicant.capacity == Capacity.PROFESSIONAL:
        return Ground.PROFESSIONAL
    if by_right(request.kind, applicant):
        return Ground.BY_RIGHT
    if elsewhere:
        refuse("広域交付を請求できるのは、住民票は本人と同一世帯の者、戸籍は本人・配偶者・直系の者に限る")
    if third_party(request.kind, applicant):
        return Ground.THIRD_PARTY
    if by_law:
        refuse("本人等以外の者は、正当な理由を明らかにしなければならない（住民基本台帳法第12条の3・戸籍法第10条の2）")
    if family == Family.TAX or family == Family.PROPERTY:
        refuse("税に関する証明は、本人とその代理人、法令により請求できる者に限る（地方税法第22条）")
    refuse("この証明書を請求できるのは、本人（届出人）とその代理人に限る")


@certificates.rule(title="本人のみの証明", minor=True)
def in_person(request: CertificateRequest, applicant: Applicant, rules: AgentRules) -> bool:
    """Whether the person itself had to ask; refused where an agent does."""
    alone = request.kind == Certificate.UNMARRIED and rules.unmarried_in_person
    if alone and applicant.agent != Agent.NONE:
        refuse("この証明書は、本人のみが請求できる")
    return alone


@certificates.rule(title="本人確認", law="住民基本台帳法第12条第3項・戸籍法第10条の3第1項・戸籍法施行規則第11条の2")
def proof(
    request: CertificateRequest,
    applicant: Applicant,
    identification: Identification,
    ground: Ground,
    elsewhere: bool,
    in_person: bool,
) -> Proof:
    """By what who comes is identified; refused where it does not suffice."""
    if ground == Ground.SEAL_CARD:
        return Proof.SEAL_CARD
    if ground == Ground.PUBLIC_OFFICE or (family_of(request.kind) == Family.FREE and not in_person):
        return Proof.NOT_ASKED
    if applicant.channel == Channel.ONLINE:
        return Proof.SIGNATURE
    if applicant.photo_documents >= identification.photo:
        return Proof.PHOTO
    if elsewhere:
        refuse("広域交付には、写真付きの本人確認書類を要する")
    without_photo = applicant.plain_documents + applicant.other_documents
    if without_photo >= identification.several and applicant.plain_documents >= identification.first_kind:
        return Proof.SEVERAL
    refuse("本人確認の書類が足りない（写真付き1点、又は写真のないもの2点で、うち1点は資格確認書・年金証書等）")


@certificates.rule(title="基礎証明事項に限る", law="住民基本台帳法第12条の3第1項")
def basic_items_only(request: CertificateRequest, ground: Ground) -> bool:
    """Whether only the basic items of the resident record are shown, unless more are asked for with reason."""
    outside = ground == Ground.THIRD_PARTY or ground == Ground.PROFESSIONAL
    return outside and family_of(request.kind) == Family.RECORD


@certificates.rule(title="手数料")
def fee(priced: CertificateFee) -> Yen:
    """The fee."""
    return priced.fee


certificates.holds(equals("fees.certificate_fee", ["fee"]), monotone("fee", by="copies"))
