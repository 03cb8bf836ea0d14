"""Which column is which field: by its heading, in three languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

NAMES: dict[str, str] = {
    "name": "이름 성명 고객명 고객이름 상호명 姓名 名稱 客戶名稱 客戶姓名 name customer fullname",
    "number": "고객번호 관리번호 고객코드 客戶編號 編號 customerno customernumber customerid",
    "mobile": "휴대폰 핸드폰 휴대전화 휴대폰번호 핸드폰번호 行動電話 手機 mobile cell mobilephone",
    "phone": "전화 전화번호 집전화 연락처 일반전화 聯絡電話 電話 市話 phone telephone tel",
    "work": "직장전화 회사전화 公司電話 work workphone officephone",
    "fax": "팩스 팩스번호 傳真 傳真號碼 fax",
    "postcode": "우편번호 郵遞區號 postcode zip zipcode postalcode",
    "address": "주소 도로명주소 住址 地址 通訊地址 address",
    "address2": "상세주소 나머지주소 기타주소 其他地址 詳細地址 address2 extraaddress",
    "location": "위치 位置 location",
    "email": "이메일 메일 전자우편 電郵地址 電子郵件 email mail",
    "company": "회사 회사명 상호 직장 거래처 公司 服務單位 公司名稱 company",
    "department": "부서 部門 department",
    "title": "직함 직책 직급 職稱 職務 職務職稱 title jobtitle position",
    "alias": "별명 별칭 別名 暱稱 alias nickname",
    "birthday": "생일 생년월일 出生日期 生日 birthday birthdate dateofbirth",
    "wedding": "결혼기념일 結婚紀念日 wedding weddingday anniversary",
    "sex": "성별 性別 sex gender",
    "grade": "등급 고객등급 等級 grade",
    "category": "분류 고객분류 客戶類別 類別 category class",
    "groups": "그룹 고객그룹 群組 group groups",
    "method": "관리방법 管理方式 managementmethod",
    "membership": "회원단체 社團會籍 會籍資料 membership",
    "registered_on": "등록일 등록일자 가입일 가입일자 建檔日期 registered registeredon",
    "left_on": "탈퇴일자 탈퇴일 leftuson",
    "referrer": "소개인 소개자 介紹人 業務聯絡人 introducedby referrer",
    "referrer_phone": "소개인전화 介紹人電話 業務聯絡人電話",
    "remarks": "비고 경력비고 經歷備註 備註 remarks",
    "memo": "메모 고객메모 特記 memo note notes comment",
    "vip": "vip vip여부",
    "caution": "주의 주의여부 caution",
    "prospect": "가망고객 潛在客戶 prospect",
    "no_sms": "문자수신거부 수신거부 不發簡訊 nosms",
    "no_label": "라벨인쇄안함 不印標籤 nolabel",
}
PHONES = ("mobile", "phone", "work", "fax")  # may be chosen for several columns, as may "memo"
MOST_HEADER, SURE = 10, 3  # rows in which headings are looked for; and those that may have but one
_WORDS = {word: field for field, words in NAMES.items() for word in words.split()}


def columns(heads: Sequence[str], own: Mapping[str, str]) -> tuple[str, ...]:
    """A field's word for each heading ("" none); `own`: own fields' and renamed labels → word."""
    labels = {bare(label): word for label, word in own.items()}
    taken: set[str] = set()
    found: list[str] = []
    for head in heads:
        key = bare(head)
        word = labels.get(key) or _WORDS.get(key) or _WORDS.get(key.rstrip("0123456789"), "")
        if word in taken and word not in (*PHONES, "memo"):
            word = ""
        taken.add(word)
        found.append(word)
    return tuple(found)


def header_row(rows: Sequence[Sequence[str]], own: Mapping[str, str]) -> int:
    """Which of the first rows has the headings (S4-13, S4-107); 0 none."""
    known = [sum(bool(word) for word in columns(row, own)) for row in rows[:MOST_HEADER]]
    # far down, one word alone may be what a customer's field says
    known = [count if place < SURE or count > 1 else 0 for place, count in enumerate(known)]
    best = max(known, default=0)
    return known.index(best) + 1 if best else 0


def bare(text: str) -> str:
    """For comparing headings: without spaces, marks and case."""
    return re.sub(r"[\W_]+", "", text).casefold()
