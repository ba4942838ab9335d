"""Pages drawn in ways that a reader of PDF has to know."""

from __future__ import annotations

from reportlab.lib.colors import black, lightblue, navy, white

from tests.support.extract.pdf_samples import ROWS, XS, YS, Sheet, plain


def white_on_dark(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(navy)
    sheet.box(XS[0], YS[0], XS[-1], YS[1], stroke=0, fill=1)
    sheet.grid(XS, YS)
    sheet.canvas.setFillColor(white)
    sheet.fill(XS, YS[:2], ROWS[:1])
    sheet.canvas.setFillColor(black)
    sheet.fill(XS, YS[1:], ROWS[1:])


def merged(sheet: Sheet) -> None:
    for y in YS:
        sheet.line(XS[1] if y == YS[2] else XS[0], y, XS[-1], y)
    sheet.line(XS[0], YS[0], XS[0], YS[-1])
    sheet.line(XS[-1], YS[0], XS[-1], YS[-1])
    sheet.line(XS[1], YS[0], XS[1], YS[-1])
    sheet.line(XS[2], YS[1], XS[2], YS[-1])
    sheet.centered(XS[0], XS[1], 119, "左上")
    sheet.centered(XS[1], XS[3], 119, "横跨")
    sheet.centered(XS[0], XS[1], 164, "竖跨")
    sheet.fill(XS[1:], YS[1:], (("1", "2"), ("3", "4")))


def ghosts(sheet: Sheet) -> None:
    plain(sheet)
    canvas = sheet.canvas
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(XS[0], sheet.height - YS[1], XS[1] - XS[0], 30)
    canvas.clipPath(path, stroke=0, fill=0)
    sheet.text(60, 160, "鬼影在裁剪框外")
    sheet.text(60, 131, "半露")
    canvas.restoreState()
    sheet.text(60, 420, "页外文字")
    sheet.text(60, 90, "标题")


def cut_at_the_side(sheet: Sheet) -> None:
    plain(sheet)
    canvas = sheet.canvas
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(XS[0], sheet.height - YS[2], XS[1] - XS[0], 29)
    canvas.clipPath(path, stroke=0, fill=0)
    sheet.text(60, 155, "很长很长很长很长很长很长的文字")
    canvas.restoreState()


def unseen(sheet: Sheet) -> None:
    plain(sheet)
    words = sheet.canvas.beginText(XS[0] + 5, sheet.height - 112)
    words.setTextRenderMode(3)
    words.textOut("看不见")
    sheet.canvas.drawText(words)
    sheet.canvas.setFillColor(white)
    words = sheet.canvas.beginText(XS[1] + 5, sheet.height - 112)
    words.setTextRenderMode(0)
    words.textOut("白字")
    sheet.canvas.drawText(words)


def watermark(sheet: Sheet) -> None:
    plain(sheet)
    sheet.canvas.translate(150, 200)
    sheet.canvas.rotate(30)
    sheet.canvas.drawString(0, 0, "征求意见稿")


def over_an_edge(sheet: Sheet) -> None:
    sheet.grid(XS, YS)
    sheet.text(XS[0] - 3, 119, "名称")
    sheet.text(XS[1] + 98 - 32, 149, "1234.5678")
    sheet.text(XS[1] + 40, 119, "分值")


def lines_in_cells(sheet: Sheet) -> None:
    sheet.grid(XS, (100, 160, 220))
    sheet.text(55, 115, "第二行在前面画")
    sheet.text(55, 128, "GDP growth")
    sheet.text(55, 141, "面积（万m")
    sheet.text(55 + 45, 136, "2", size=5)
    sheet.text(55 + 48, 141, "）")
    for index, char in enumerate("高质量"):
        sheet.text(195, 115 + 14 * index, char)
    sheet.text(255, 115, "12")
    sheet.text(255 + 40, 115, "34")
    sheet.text(255, 130, "名")
    sheet.text(255 + 40, 130, "称")
    for shift in (0, 0.3):
        sheet.text(255 + shift, 145, "粗体11")


def surroundings(sheet: Sheet) -> None:
    sheet.text(200, 60, "收支总表", size=14)
    sheet.text(50, 90, "部门：某局")
    sheet.text(280, 90, "单位：万元")
    plain(sheet)
    sheet.text(5, 150, "旁注")
    sheet.text(50, 205, "注：---表示不考核。")
    sheet.text(290, 390, "— 1 —")


def hole_in_a_rule(sheet: Sheet) -> None:
    ys = YS
    for y in (ys[0], ys[1], ys[3]):
        sheet.line(XS[0], y, XS[-1], y)
    for x in (XS[0], XS[-1]):
        sheet.line(x, ys[0], x, ys[-1])
    for x in XS[1:-1]:
        sheet.line(x, ys[0], x, ys[1])
    sheet.line(XS[0], ys[2], XS[2], ys[2])
    sheet.fill(XS, ys[:2], ROWS[:1])
    sheet.text(60, 149, "上")
    sheet.text(60, 179, "下")


def marked_text(sheet: Sheet) -> None:
    plain(sheet)
    for row, shift in ((1, 1.2), (2, -3.5)):
        y = (YS[row] + YS[row + 1]) / 2 + 4
        sheet.text(XS[0] + 1, y - 10, "下划删除九个字啊啊")
        sheet.line(XS[0] + 1, y - 10 + shift, XS[0] + 91, y - 10 + shift)


def text_only(sheet: Sheet) -> None:
    sheet.text(50, 60, "资府办发〔2031〕6号")
    sheet.text(50, 90, "某市人民政府办公室关于印发2031年目标考核指标的通知")


def white_rules(sheet: Sheet) -> None:
    """Draw a table whose rules are white lines on one coloured ground."""
    sheet.canvas.setFillColor(lightblue)
    sheet.box(XS[0], YS[0], XS[-1], YS[-1], stroke=0, fill=1)
    sheet.canvas.setStrokeColor(white)
    sheet.grid(XS, YS)
    sheet.canvas.setFillColor(black)
    sheet.fill(XS, YS, ROWS)


CONDENSED = (("指标", "分值", "甲县"), ("植树造林", "1100", "22.33"), ("办结率", "100%", "1111"))


def condensed(sheet: Sheet) -> None:
    """Draw a table in type condensed to a fourth of its width."""
    sheet.grid(XS, YS)
    for row, words in enumerate(CONDENSED):
        for column, word in enumerate(words):
            line = sheet.canvas.beginText(XS[column] + 5, sheet.height - YS[row] - 19)
            line.setHorizScale(25)
            line.textOut(word)
            sheet.canvas.drawText(line)


def drawn_twice(sheet: Sheet) -> None:
    """Draw a table whose texts are all bold because they are drawn twice."""
    sheet.grid(XS, YS)
    for shift in (0.0, 0.35):
        sheet.fill([x + shift for x in XS], YS, ROWS)


def stroked_and_filled(sheet: Sheet) -> None:
    """Draw a table whose texts are all bold because their outlines are drawn, too."""
    sheet.grid(XS, YS)
    for row, words in enumerate(ROWS):
        for column, word in enumerate(words):
            line = sheet.canvas.beginText(XS[column] + 5, sheet.height - YS[row] - 19)
            line.setTextRenderMode(2)
            line.textOut(word)
            sheet.canvas.drawText(line)


def three_rules(sheet: Sheet) -> None:
    """Draw a table with a rule above it, under its header and below it."""
    for y in (YS[0], YS[1], YS[-1]):
        sheet.line(XS[0], y, XS[-1], y)
    sheet.fill(XS, YS, ROWS)


def only_horizontal_rules(sheet: Sheet) -> None:
    """Draw a table with a rule below each row, and a frame without upright rules inside."""
    for y in YS:
        sheet.line(XS[0], y, XS[-1], y)
    for x in (XS[0], XS[-1]):
        sheet.line(x, YS[0], x, YS[-1])
    sheet.fill(XS, YS, ROWS)


def tinted_bands(sheet: Sheet) -> None:
    """Draw a table of which every other row is tinted from side to side."""
    sheet.canvas.setFillColor(lightblue)
    for top, bottom in ((YS[0], YS[1]), (YS[2], YS[3])):
        sheet.box(XS[0], top, XS[-1], bottom, stroke=0, fill=1)
    sheet.canvas.setFillColor(black)
    sheet.fill(XS, YS, ROWS)


def nothing_but_text(sheet: Sheet) -> None:
    sheet.fill(XS, YS, ROWS)
