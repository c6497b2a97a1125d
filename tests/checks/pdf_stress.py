"""Prose of the size of a book, and prose that no page was made for. Usage: pdf_stress.py FOLDER book|odd   (seeded: the same each time)"""
import random
import struct
import sys
import zlib

folder, kind = sys.argv[1:]
random.seed(20250701)
NOUNS = ("観測 センサー パケット 送信元 宛先ポート番号 ファームウェア ルーター 録画装置 マルウェア IPアドレス 四半期 インターネット 脆弱性 管理画面 Telnet（23/TCP） "
         "8728/TCP 「Miraiの特徴」 国々 サイバー攻撃 10% 2025年4〜6月").split()
PARTICLES = "は が を に で の から まで と へ も".split()
VERBS = "増加しました 観測されました 続いています 減ったとみられます 確かめてください 変わりませんでした".split()
ADDRESS = '<a href="https://www.example.jp/security/{0}/index.html">https://www.example.jp/security/{0}/index.html</a>'


def sentence():
    words = "".join(random.choice(NOUNS) + random.choice(PARTICLES) for _ in range(random.randrange(2, 6)))
    return random.choice(["", "", "また、", "なお、"]) + words + random.choice(VERBS) + "。"


def paragraph(count):
    return "".join(sentence() for _ in range(count))


def table(name, rows, columns):
    head = "".join(f'<th scope="col">項目{c + 1}</th>' for c in range(columns))
    body = "".join("<tr>" + "".join(f"<td>{random.choice(NOUNS)}</td>" if c == 0 else f"<td>{random.randrange(10 ** 6):,}</td>"
                                    for c in range(columns)) + "</tr>" for _ in range(rows))
    return f'<table id="table-{name}"><caption>検査の表</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def write(name, content):
    with open(f"{folder}/{name}.xhtml", "w", encoding="utf-8") as out:
        out.write(f'<t:fragment xmlns="http://www.w3.org/1999/xhtml" xmlns:t="urn:teiten:template:1">'
                  f'<section id="{name}"><h2>検査の章 {name}</h2>{content}</section></t:fragment>')


def picture(name, width, height):
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
    rows = b"".join(b"\0" + bytes([y & 255]) * width for y in range(height))
    with open(f"{folder}/{name}.png", "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
                  chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return f'<t:picture src="{name}.png" id="{name}" alt="検査の絵">{sentence()}</t:picture><p>{paragraph(3)}</p>'


if kind == "book":  # 8 chapters, 40 tables, a table of 300 rows, 30 notes on one page
    for chapter in range(8):
        parts = []
        for section in range(5):
            name = f"s{chapter}{section}"
            parts.append(f"<h3>{random.choice(NOUNS)}の{random.choice(NOUNS)}</h3>")
            parts += [f"<p>{paragraph(random.randrange(2, 14))}</p>" for _ in range(4)]
            parts.append(f'<p><t:ref to="table-{name}"/>に示します<t:note>{sentence()}{ADDRESS.format(name)}</t:note>。{paragraph(2)}</p>')
            parts.append(table(name, random.randrange(2, 25), random.randrange(2, 9)))
        write(f"book-{chapter}", "".join(parts))
    write("book-notes", "<p>" + "".join(f"項目{i}<t:note>{sentence()}</t:note>、" for i in range(30)) + f"以上です。</p><p>{paragraph(9)}</p>")
    write("book-table", table("long", 300, 5) + f"<p>{paragraph(4)}</p>")
else:
    nested = "終わり"
    for i in range(40):
        nested = f"<ul><li>{i}段 {sentence()}{nested}</li></ul>"
    write("odd-lists", nested)
    quoted = f"<p>{paragraph(3)}</p>"
    for _ in range(30):
        quoted = f"<blockquote><p>{sentence()}</p>{quoted}</blockquote>"
    write("odd-quotes", quoted)
    write("odd-runs", "".join(f"<p>{run}</p>" for run in (
        "".join(chr(random.randrange(0x4E00, 0x4F00)) for _ in range(3000)), "a" * 3000, "。" * 500, "「" * 300, "ー" * 800, "1" * 999, "https://" + "x" * 999)))
    write("odd-headings", "".join(f"<h3>見出し{i}</h3>" for i in range(60)) + f"<h3>{paragraph(5)}</h3><p>短い。</p><h4>終わり</h4>")
    write("odd-tables", f'<table id="table-o1"><caption>{paragraph(6)}</caption><tbody>' + "".join(
        "<tr>" + "".join(f"<td>{paragraph(6)}</td>" for _ in range(3)) + "</tr>" for _ in range(9)) + "</tbody></table>" +
          '<table id="table-o2"><caption>広い表</caption><tbody><tr>' + "".join(f"<td>{i}</td>" for i in range(24)) + "</tr></tbody></table>")
    write("odd-pictures", picture("tall", 10, 4000) + picture("wide", 4000, 3) + picture("huge", 3000, 3000) + picture("dot", 1, 1))
