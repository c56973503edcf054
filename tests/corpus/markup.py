"""XML and HTML: documents that attack their parser, that are cut, or hold no article; feeds without entries."""

from collections.abc import Callable
from functools import partial

from newswire.reasons import Reason
from tests.corpus.case import Case, prose

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _nitf(topic: str, doctype: str = "", extra: str = "", declaration: str = _DECLARATION) -> str:
    return (
        f'{declaration}{doctype}<nitf><head><docdata><doc-id regsrc="NTB" id-string="{topic}"/></docdata></head>'
        f"<body><body.head><hedline><hl1>{topic}</hl1></hedline></body.head>"
        f"<body.content><p>{prose(topic)}</p>{extra}</body.content></body></nitf>"
    )


def _rss(topic: str, doctype: str = "", extra: str = "", body: str | None = None) -> str:
    return (
        f'{_DECLARATION}{doctype}<rss version="2.0"><channel><title>Harbour news</title><link>https://harbour.example/</link>'
        f"<item><title>{topic}</title><guid>{topic}</guid><description>{body or prose(topic)}</description></item>"
        f"{extra}</channel></rss>"
    )


def _html(topic: str, head: str = "", extra: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{topic}</title>{head}</head><body><article><h1>{topic}</h1>"
        f"<p>{prose(topic)}</p><p>{prose('the rest of ' + topic)}</p></article>{extra}</body></html>"
    )


def _laughs(root: str, entities: int = 12) -> str:
    """Each entity is ten of the one before it: the last would be a million million words."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, entities))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "laugh">{lines}]>'


def _entity(root: str, what: str) -> str:
    return f"<!DOCTYPE {root} [<!ENTITY e {what}>]>"


def _deep(tag: str, depth: int) -> str:
    return f"<{tag}>" * depth + "deep" + f"</{tag}>" * depth


def _utf8(made: Callable[[], str]) -> bytes:
    return made().encode()


_ATTRIBUTES = " ".join(f'a{number}="{number}"' for number in range(50_000))
_NAMESPACES = " ".join(f'xmlns:n{number}="urn:{number}"' for number in range(20_000))
_QUADRATIC = f'<!DOCTYPE nitf [<!ENTITY e "{"x" * 50_000}">]>'
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour news</title><id>urn:x</id>{}</feed>'
_WXR = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><title>Harbour</title><wp:wxr_version>1.2</wp:wxr_version>{}</channel></rss>"
)

CASES = (
    Case(
        "laughs.nitf",
        "entities that grow a million million fold",
        _nitf("laughs", _laughs("nitf"), "<p>&l11;</p>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "laughs.rss",
        "the same in a feed",
        _rss("feed laughs", _laughs("rss"), body="&l11;").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "laughs.html",
        "the same in a page",
        _html("page laughs", extra="<p>&l11;</p>").replace("<!DOCTYPE html>", _laughs("html")).encode(),
        articles=1,
    ),
    Case(
        "quadratic.nitf",
        "one long entity, used 50,000 times",
        _nitf("squares", _QUADRATIC, f"<p>{'&e;' * 50_000}</p>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "entity-file.nitf",
        "an entity that is a file",
        _nitf("file entities", _entity("nitf", 'SYSTEM "file:///etc/passwd"'), "<p>&e;</p>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "entity-http.nitf",
        "an entity that is a page",
        _nitf("page entities", _entity("nitf", 'SYSTEM "http://127.0.0.1:9/e"'), "<p>&e;</p>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "entity-parameter.nitf",
        "entities in the document's own grammar",
        _nitf("grammar", '<!DOCTYPE nitf [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>').encode(),
        articles=1,
    ),
    Case(
        "entity-loop.nitf",
        "an entity that is itself",
        _nitf("loops", _entity("nitf", '"&e;"'), "<p>&e;</p>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "entity-own.nitf",
        "a harmless entity of its own",
        _nitf("own entities", _entity("nitf", '"harbour"'), "<p>&e;</p>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "dtd-http.nitf",
        "a grammar on another machine",
        _nitf("grammars", '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf.dtd">').encode(),
        articles=1,
    ),
    Case(
        "xinclude.nitf",
        "a passage that lies in another file",
        _nitf(
            "inclusions",
            extra='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
        ).encode(),
        articles=1,
    ),
    Case(
        "stylesheet.nitf",
        "a style sheet on another machine",
        _nitf(
            "styles", declaration=f'{_DECLARATION}<?xml-stylesheet href="http://127.0.0.1:9/s.xsl" type="text/xsl"?>'
        ).encode(),
        articles=1,
    ),
    Case(
        "deep.xml",
        "100,000 elements inside one another",
        partial(_utf8, partial(_deep, "a", 100_000)),
        (Reason.TOO_LARGE,),
    ),
    Case(
        "deep.nitf",
        "a paragraph that is 10,000 elements deep",
        _nitf("deep paragraphs", extra=_deep("em", 10_000)).encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "attributes.nitf",
        "50,000 attributes",
        _nitf("attributes").replace("<body>", f"<body {_ATTRIBUTES}>").encode(),
        articles=1,
    ),
    Case(
        "namespaces.nitf",
        "20,000 namespaces",
        _nitf("namespaces").replace("<body>", f"<body {_NAMESPACES}>").encode(),
        articles=1,
    ),
    Case("cut.nitf", "NITF that ends in the text", _nitf("cut texts").encode()[:-80], (Reason.TRUNCATED,)),
    Case("cut-tag.nitf", "NITF that ends in a tag", _nitf("cut tags").encode()[:-4], (Reason.TRUNCATED,)),
    Case(
        "mismatched.nitf",
        "tags that do not fit together",
        _nitf("crossed tags").replace("</p>", "</q>").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "two-roots.nitf",
        "two documents in one file",
        (_nitf("first roots") + _nitf("second roots")).encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "naught.nitf", "a character that XML forbids", _nitf("forbidden", extra="<p>&#0;&#1;</p>").encode(), articles=1
    ),
    Case(
        "cdata.nitf",
        "a passage of raw text that does not end",
        _nitf("raw text", extra="<p><![CDATA[x").encode(),
        (Reason.TRUNCATED,),
    ),
    Case(
        "encoding-unknown.nitf",
        "an encoding that there is not",
        _nitf("klingon", declaration='<?xml version="1.0" encoding="klingon"?>').encode(),
        articles=1,
    ),
    Case(
        "encoding-wrong.nitf",
        "UTF-8 that says it is ASCII",
        _nitf("øya", declaration='<?xml version="1.0" encoding="US-ASCII"?>').encode(),
        articles=1,
    ),
    Case(
        "encoding-utf16.nitf",
        "UTF-8 that says it is UTF-16",
        _nitf("wide claims", declaration='<?xml version="1.0" encoding="UTF-16"?>').encode(),
        articles=1,
    ),
    Case(
        "encoding-utf7.nitf",
        "an encoding that attackers like",
        _nitf("sevens", declaration='<?xml version="1.0" encoding="UTF-7"?>').encode(),
        articles=1,
    ),
    Case(
        "utf16.nitf",
        "XML in UTF-16",
        _nitf("wide marks", declaration='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
        articles=1,
    ),
    Case(
        "no-body.nitf",
        "NITF without a text",
        b"<nitf><head><title>Report</title></head><body><body.content/></body></nitf>",
        (Reason.NO_BODY,),
    ),
    Case(
        "menu.xml",
        "XML of something else",
        b'<?xml version="1.0"?><menu><dish price="9">Fish</dish></menu>',
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "sitemap.xml",
        "a list of addresses",
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://harbour.example/a</loc></url></urlset>',
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "drawing.svg",
        "a drawing",
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>Not an article at all.</text></svg>',
        (Reason.UNSUPPORTED,),
    ),
    Case("declaration.xml", "an XML declaration and no more", b'<?xml version="1.0"?>', (Reason.TRUNCATED,)),
    Case(
        "no-text.html",
        "a page without text",
        b"<!DOCTYPE html><html><head><title>Harbour</title></head><body></body></html>",
        (Reason.NO_BODY,),
    ),
    Case(
        "script.html",
        "a page that is a program",
        b"<!DOCTYPE html><html><body><script>render(window)</script><div id=app></div></body></html>",
        (Reason.NO_BODY,),
    ),
    Case(
        "frames.html",
        "a page of frames",
        b"<html><frameset cols='20%,80%'><frame src=a.html><frame src=b.html></frameset></html>",
        (Reason.NO_BODY,),
    ),
    Case(
        "deep.html",
        "100,000 boxes inside one another",
        partial(_utf8, lambda: _html("deep pages", extra=_deep("div", 100_000))),
        (Reason.TOO_LARGE,),
    ),
    Case(
        "open.html",
        "30,000 tags that nobody closes",
        _html("open pages", extra="<div><b><p>" * 10_000).encode(),
        articles=1,
    ),
    Case(
        "attributes.html",
        "50,000 attributes in a page",
        _html("page attributes", extra=f"<p {_ATTRIBUTES}>x</p>").encode(),
        (Reason.TOO_LARGE,),
    ),
    Case("cut.html", "a page that ends in its text", _html("cut pages").encode()[:-60], articles=1),
    Case(
        "charset-wrong.html",
        "UTF-8 that says it is Japanese",
        _html("øya og sjøen", head="<meta charset=shift_jis>").encode(),
        articles=1,
    ),
    Case(
        "charset-unknown.html",
        "a page in a character set that there is not",
        _html("unknown sets", head="<meta charset=klingon>").encode(),
        articles=1,
    ),
    Case(
        "nuls.html",
        "a page with NULs in it",
        _html("page naughts").encode().replace(b"week", b"we\0ek"),
        (Reason.NOT_TEXT,),
    ),
    Case(
        "no-items.rss",
        "a feed without entries",
        b'<rss version="2.0"><channel><title>Harbour</title></channel></rss>',
        (Reason.EMPTY,),
    ),
    Case("no-entries.atom", "the same in Atom", _ATOM.format("").encode(), (Reason.EMPTY,)),
    Case(
        "no-text.rss",
        "a feed whose entry is a headline",
        b'<rss version="2.0"><channel><title>Harbour</title><item><title>Report</title></item></channel></rss>',
        (Reason.NO_BODY,),
    ),
    Case(
        "one-bad.rss",
        "a feed with one entry that has no text",
        _rss("full entries", extra="<item><title>Bare</title></item>").encode(),
        (Reason.NO_BODY,),
        1,
    ),
    Case(
        "dates.rss",
        "a feed with dates that there are not",
        _rss("feed dates", extra="")
        .replace("<guid>", "<pubDate>Fri, 31 Feb 2026 25:61:00 +9999</pubDate><guid>")
        .encode(),
        articles=1,
    ),
    Case("cut.rss", "a feed that ends in its entry", _rss("cut feeds").encode()[:-60], (Reason.TRUNCATED,)),
    Case(
        "elsewhere.atom",
        "an entry whose text lies elsewhere",
        _ATOM.format(
            '<entry><title>Report</title><id>urn:y</id><content type="text/html" src="http://127.0.0.1:9/c"/></entry>'
        ).encode(),
        (Reason.NO_BODY,),
    ),
    Case(
        "entity-file.rss",
        "a feed with an entity that is a file",
        _rss("feed entities", _entity("rss", 'SYSTEM "file:///etc/passwd"'), body="&e;").encode(),
        (Reason.BAD_FORMAT,),
    ),
    Case("no-posts.wxr", "an export without posts", _WXR.format("").encode(), (Reason.EMPTY,)),
    Case(
        "attachment.wxr",
        "an export of pictures",
        _WXR.format(
            "<item><title>Quay</title><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status></item>"
        ).encode(),
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "cut.wxr",
        "an export that ends in a post",
        _WXR.format("<item><title>Quay</title><wp:post_type>post</wp:post_type><content:encoded>The insp").encode()[
            :-40
        ],
        (Reason.TRUNCATED,),
    ),
)
