//! How the page looks: on a desk, on a phone, in the dark and on paper.

pub(crate) const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2126; --soft: #5b6670; --paper: #fdfdfb; --rule: #dcdfe2;
  --good: #14713d; --bad: #b3261e; --c0: #8a97a3; --c1: #c2410c; --c2: #1d5fa8; --c3: #14713d; --c4: #7b3fa0; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e3e6e8; --soft: #9aa5ae; --paper: #14181b;
  --rule: #2d353b; --good: #5ccb8b; --bad: #ff8a80; --c0: #77838d; --c1: #fb923c; --c2: #6cb1f5; --c3: #5ccb8b;
  --c4: #c792ea; } }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 62rem; margin: 2.5rem auto; padding: 0 1.2rem; overflow-wrap: break-word; }
p, ul, .formula { max-width: 46rem; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { margin-top: 3.5rem; border-bottom: 1px solid var(--rule); padding-bottom: .3rem; }
h3 { margin: 2.4rem 0 .4rem; font-size: 1.08rem; }
a { color: inherit; text-decoration-color: var(--soft); }
.lead { font-size: 1.15rem; font-weight: 600; }
.question { font-size: 1.1rem; font-style: italic; }
.holds { color: var(--good); } .fails { color: var(--bad); font-weight: 600; } .idle { color: var(--soft); }
h3 span { font-size: .8rem; margin-left: .5rem; text-transform: uppercase; letter-spacing: .05em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
.name { width: 15rem; } .definition { color: var(--soft); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.number, .bound, td.holds, td.fails, td.idle { white-space: nowrap; }
tr.system th, tr.system td { padding-top: 1.6rem; } tr.system th { font-size: 1.05rem; } td.time { color: var(--soft); }
.formula { font-family: ui-monospace, monospace; font-size: .88rem; margin-left: 1.2rem; }
.source, li { color: var(--soft); font-size: .88rem; } .says { margin: .2rem 0; }
.result { font-variant-numeric: tabular-nums; }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .88rem; line-height: 1.4; }
.charts, .maps { display: flex; flex-wrap: wrap; gap: 1.2rem; margin: 1rem 0; }
.chart { flex: 1 1 20rem; max-width: 29.5rem; } .chart figcaption { margin-bottom: .3rem; } .chart b { color: var(--ink); margin-right: .5rem; }
.key { display: inline-block; margin-right: .7rem; } .key::before { content: ''; display: inline-block; width: .6rem; height: .6rem;
  border-radius: 50%; margin-right: .3rem; background: var(--key); print-color-adjust: exact; }
.k0 { --key: var(--c0); } .k1 { --key: var(--c1); } .k2 { --key: var(--c2); } .k3 { --key: var(--c3); } .k4 { --key: var(--c4); }
.map { flex: 1 1 11rem; max-width: 18rem; } .map img { width: 100%; aspect-ratio: 1; image-rendering: pixelated; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .label { font-size: 12px; } svg .tick { fill: var(--soft); } .middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: var(--rule); stroke-width: 1; fill: none; }
.s0, .s1, .s2, .s3, .s4 { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); }
.f0 { fill: var(--c0); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); }
@media screen and (max-width: 46rem) {
  body { margin: 1.2rem auto; padding: 0 .9rem; } ul { padding-left: 1.2rem; } .formula { margin-left: 0; }
  thead { display: none; } table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: .1rem .7rem; padding: .6rem 0; border-bottom: 1px solid var(--rule); }
  th, td, tr.system th, tr.system td { border: 0; padding: 0; text-align: left; }
  tr.system { padding-top: 1.8rem; } tr.system th { flex: 1; } .name, .definition { flex: 1 0 100%; width: auto; }
  .name { font-weight: 600; } td.bound { white-space: normal; } td.time { margin-left: auto; }
  td.bound:not(:empty)::before { content: 'bound '; color: var(--soft); }
}
@media print {
  @page { margin: 1.5cm; } :root { --paper: #fff; }
  body { font-size: 10pt; max-width: none; margin: 0; padding: 0; } h2 { break-before: page; }
  table { font-size: 7.5pt; } .name { width: 22%; } th, td { padding-right: .5rem; }
  h2, h3, .says { break-after: avoid; } tr, figure, .maps { break-inside: avoid; } a { text-decoration: none; }
  .chart { max-width: 8.5cm; flex-basis: 8cm; } .map { max-width: 4cm; flex-basis: 3.5cm; }
}
";
