/** Screen in both colour schemes, paper in A4. Colours of series keep 3:1 against both backgrounds. */
export const style = `
:root { color-scheme: light dark; --paper:#fff; --ink:#1b242c; --soft:#55636f; --line:#d5dce2; --tint:#f2f5f7; --accent:#0b6a75;
  --s1:#0b6a75; --s2:#c2571a; --s3:#5b55a8; --s4:#9a7500; --s5:#58707f; --good:#227a3d; --bad:#b3261e; --warn:#fff3e0; --warnline:#c2571a }
@media (prefers-color-scheme: dark) { :root { --paper:#12181d; --ink:#e6ebef; --soft:#a3b1bc; --line:#33404a; --tint:#1b242b; --accent:#5cc4cf;
  --s1:#43b3bf; --s2:#e58a4e; --s3:#9d97e6; --s4:#d1ab2f; --s5:#8fa6b5; --good:#6cc787; --bad:#ff8a80; --warn:#33261a; --warnline:#e58a4e } }
@media print { :root { color-scheme: light; --paper:#fff; --ink:#1b242c; --soft:#55636f; --line:#d5dce2; --tint:#f2f5f7; --accent:#0b6a75;
  --s1:#0b6a75; --s2:#c2571a; --s3:#5b55a8; --s4:#9a7500; --s5:#58707f; --good:#227a3d; --bad:#b3261e; --warn:#fff3e0; --warnline:#c2571a } }
* { box-sizing: border-box } html { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 62rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em } h2 { font-size: 1.35rem; margin: 3rem 0 .6rem; padding-top: .6rem; border-top: 3px solid var(--accent) }
h3 { font-size: 1.02rem; margin: 1.6rem 0 .4rem } p { margin: .4rem 0 .8rem; max-width: 46rem } a { color: var(--accent) }
.meta, .basis, figcaption, .small { color: var(--soft); font-size: .84rem } .key { font: .8rem ui-monospace, Menlo, Consolas, monospace; overflow-wrap: break-word }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); gap: .7rem; margin: 1.4rem 0 } .card { background: var(--tint); border-radius: .5rem; padding: .8rem .9rem }
.card b { display: block; white-space: nowrap; font-size: 1.3rem; line-height: 1.25; font-variant-numeric: tabular-nums } .card span { color: var(--soft); font-size: .84rem }
.note { background: var(--warn); border-left: 4px solid var(--warnline); padding: .7rem 1rem; margin: 1rem 0; border-radius: 0 .4rem .4rem 0 } .note p { margin: 0 }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; font-size: .88rem } th { text-align: left; color: var(--soft); font-weight: 600; vertical-align: bottom }
th, td { padding: .36rem .6rem .36rem 0; border-bottom: 1px solid var(--line); vertical-align: top } .n { text-align: right; font-variant-numeric: tabular-nums } td.n, td.d { white-space: nowrap } td:last-child, th:last-child { padding-right: 0 }
.yes { color: var(--good); font-weight: 600 } .no { color: var(--bad); font-weight: 600 } .keys th:first-child { width: 30% } tr:target { background: var(--tint) }
figure { margin: 1rem 0 1.4rem } svg { display: block; width: 100%; height: auto; font: 12px system-ui, "Segoe UI", Arial, sans-serif } svg text { fill: var(--ink) } svg .soft { fill: var(--soft) } svg .grid { stroke: var(--line) }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .84rem; margin: .3rem 0 } .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem; vertical-align: -1px }
input { font: inherit; width: 6.5rem; text-align: right; color: inherit; background: var(--tint); border: 1px solid var(--line); border-radius: .3rem; padding: .1rem .3rem } input.own { border-color: var(--accent); border-width: 2px }
button { font: inherit; color: var(--paper); background: var(--accent); border: 0; border-radius: .4rem; padding: .5rem 1rem; cursor: pointer }
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #55636f } }
@media print { html { font-size: 9.6pt } body { max-width: none; padding: 0 } .screen { display: none } h2 { break-after: avoid; margin-top: 1.6rem } h3 { break-after: avoid } figure, tr, .card, .note { break-inside: avoid } thead { display: table-header-group }
  section.page { break-before: page } section.page > h2:first-child { margin-top: 0 } input { border: 0; background: none; width: auto; max-width: 5rem; padding: 0 } .wide { overflow: visible } a { color: inherit; text-decoration: none } }
`;
