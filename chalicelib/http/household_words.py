"""The headings and words that people write in a sheet of households (E9)."""

from collections.abc import Mapping

from chalicelib.domain.community.households import Tenure

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "building": ("楼栋", "楼号", "栋号", "幢号", "楼幢", "樓棟", "棟別", "building"),
    "entrance": ("单元", "单元号", "單元", "entrance"),
    "unit": ("房号", "房间号", "室号", "户号", "房號", "戶號", "unit", "room"),
    "name": ("姓名", "住户姓名", "业主姓名", "住戶姓名", "name"),
    "phones": (
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "电话号码",
        "電話",
        "手機",
        "phone",
        "phones",
    ),
    "tenure": ("身份", "住户类型", "住户身份", "身分", "tenure"),
    "since": ("入住日期", "起始日期", "入住時間", "since"),
    "handover": ("交付日期", "交房日期", "交楼日期", "收房日期", "交屋日期", "handover"),
    "care": ("需要关照", "需要帮助", "重点关照", "需要關照", "care"),
    "consented_by": ("同意人", "consent by"),
    "consented_on": ("同意日期", "consent on"),
}
"""What a column is → the headings by which it is known."""

TENURES: Mapping[str, Tenure] = {
    **dict.fromkeys(("", "业主", "产权人", "業主", "屋主", "owner"), Tenure.OWNER),
    **dict.fromkeys(("租户", "租客", "承租人", "租戶", "tenant"), Tenure.TENANT),
    **dict.fromkeys(("家属", "家人", "亲属", "家屬", "family"), Tenure.FAMILY),
}
YES_OR_NO = {
    **dict.fromkeys(("是", "有", "需要", "yes", "y", "1", "true", "√"), True),
    **dict.fromkeys(("", "否", "无", "不需要", "無", "no", "n", "0", "false"), False),
}
