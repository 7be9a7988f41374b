"""Who is who in the demo: the table that is printed at the end."""

from __future__ import annotations

import unicodedata

from aftercare.demo import words

# sign-in, role, name, what to try
CAST = (
    ("2001", "接待员", "林晓岚 上海", "接待台输入电话或序列号，登记一张报修"),
    ("2003", "服务主任", "陈国栋 上海", "派工看板拖一张单给工程师，看推荐理由"),
    ("2011", "工程师", "王海生 上海", "手机打开 /field/，接单、出发、到达、完工"),
    ("2014", "台修工程师", "孙德明 上海", "送修单：修护卡、待件、修复待取"),
    ("2004", "仓管", "吴桂芳 上海", "库存、缺件申请、入库、调拨到随车库"),
    ("1005", "审核员", "韩立群 总部", "检验与审核，核对费用和提成"),
    ("1006", "采购员", "梁子谦 总部", "待订购、询价比价、采购订单、供应商绩效"),
    ("1003", "财务", "陆文静 总部", "交款、未结算、工程师月结单"),
    ("1004", "回访员", "秦雨薇 总部", "四项四级回访，不满意自动转投诉"),
    ("1002", "经理", "顾嘉宁 总部", "总览、超时、满意度、日报"),
    ("1001", "管理员", "沈明远 总部", "机构、员工、角色、日历、日志"),
    ("5001", "网点", "许光辉 嘉定", "网点只看见自己的单"),
    ("3002", "服务主任", "方建华 杭州", "另一个服务中心：看不到上海的单"),
)


def describe(address: str) -> str:
    """The addresses and the sign-ins as a table."""
    widths = (8, 12, 14)
    lines = [f"  {_pad('登录名', widths[0])}{_pad('角色', widths[1])}{_pad('姓名', widths[2])}试一试"]
    lines += [f"  {_pad(n, widths[0])}{_pad(role, widths[1])}{_pad(name, widths[2])}{hint}" for n, role, name, hint in CAST]
    return "\n".join([
        "", *lines, "", f"  密码（所有人） {words.PASSWORD}", "",
        f"  页面 {address}/    工程师 {address}/field/    接口文档 {address}/api/v1/docs", "",
    ])


def _pad(text: str, width: int) -> str:
    # A Chinese character is two columns wide in a terminal.
    shown = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(width - shown, 1)
