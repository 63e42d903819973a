"""How the minutes of an inspection are set on paper: a typst document over data handed in.

All text comes as data by `sys.inputs`; nothing that a person typed becomes markup.
"""

MINUTES: bytes = b"""
#let given = json(bytes(sys.inputs.result))
#set document(title: given.title)
#set page(paper: "a4", margin: 18mm, numbering: "1 / 1")
#set text(font: "Be Vietnam Pro", size: 9.5pt, lang: given.language)
#set par(leading: 0.6em)
#set table(stroke: 0.4pt, inset: 4.5pt)
#set heading(numbering: none)
#show heading.where(level: 1): set text(size: 16pt)
#show heading.where(level: 2): set text(size: 11pt)
= #given.title
#v(1mm)
#strong(given.facts.at(0)) \\
#for line in given.facts.slice(1) [#line \\ ]
#v(3mm)
#if given.rows.len() > 0 {
  table(
    columns: (1fr,) + (auto,) * (given.headings.len() - 1),
    align: (left,) + (right,) * (given.headings.len() - 1),
    table.header(..given.headings.map(text => strong(text))),
    ..given.rows.flatten(),
  )
} else { emph(given.no_rows) }
#for check in given.checks {
  v(3mm)
  block(breakable: false, sticky: true)[*#check.name*: #check.answer]
  for text in check.seen { list(text) }
  text(size: 8.5pt, emph(check.note))
}
#if given.rest.len() > 0 { v(3mm) }
#for line in given.rest { par(line) }
#v(8mm)
#block(breakable: false, width: 100%, height: 38mm,
  grid(columns: (1fr, 1fr), align: center, row-gutter: 1.5mm,
    ..given.signatures.map(text => strong(text)),
    ..given.signatures.map(_ => text(size: 8.5pt, emph(given.sign_here)))))
#if given.sources.len() > 0 {
  heading(level: 2, given.sources_title)
  v(1mm)
  set text(size: 8pt)
  table(
    columns: (3fr, 3fr, 2fr, 3fr, auto),
    table.header(..given.source_headings.map(text => strong(text))),
    ..given.sources.flatten(),
  )
  given.more_sources
}
"""
