/** Colours differ in lightness too, and every bar and line is named in words: nothing is told by colour alone. */
export const STYLES = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1b1f24; --quiet: #57606a; --rule: #d0d7de; --good: #1a7f37;
  --bad: #cf222e; --skipped: #8c959f; --a: #0969da; --b: #2da44e; --c: #9a6700; --d: #8250df; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --rule: #3d444d;
  --good: #238636; --bad: #da3633; --skipped: #656c76; --a: #58a6ff; --b: #3fb950; --c: #d29922; --d: #bc8cff; } }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p.verdict { font-size: 1.1rem; margin: .25rem 0 1rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.number, th.number { text-align: right; padding-right: 1.5rem; font-variant-numeric: tabular-nums; }
fieldset { border: 0; padding: 0; margin: 1rem 0 .5rem; } fieldset label { margin-right: 1rem; }
.table { overflow-x: auto; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: .4rem; padding: .5rem; }
.time { position: relative; width: 100%; }
body:has(#zoom-2:checked) .time { width: 200%; } body:has(#zoom-5:checked) .time { width: 500%; }
body:has(#zoom-20:checked) .time { width: 2000%; }
.lane { position: relative; height: 2.8rem; border-top: 1px solid var(--rule); }
.lane > .label, .chart-head { position: sticky; left: 0; display: inline-block; font-size: .8rem; color: var(--quiet);
  background: var(--page); padding-right: .4rem; }
.bar { position: absolute; top: 1.3rem; height: 1.3rem; min-width: 2px; box-sizing: border-box; border-radius: .2rem;
  overflow: hidden; white-space: nowrap; font-size: .75rem; line-height: 1.3rem; color: var(--on); padding: 0; text-indent: .25rem; }
.good { background: var(--good); } .bad { background: var(--bad); } .skipped { background: var(--skipped); }
.chart { display: block; width: 100%; height: 5.5rem; border-top: 1px solid var(--rule); }
.line { fill: none; stroke-width: 1.5; stroke: var(--a); }
.group-1, .p50 { stroke: var(--b); } .group-2 { stroke: var(--c); } .group-3 { stroke: var(--d); }
.failures { stroke: var(--bad); } .p99 { stroke: var(--c); stroke-dasharray: 4 2; } .group-1 { stroke-dasharray: 6 3; }
.ticks { position: relative; height: 1.3rem; font-size: .75rem; color: var(--quiet); }
.ticks span { position: absolute; border-left: 1px solid var(--rule); padding-left: .2rem; }
.key { font-size: .8rem; } .key svg { width: 1.6rem; height: .6rem; margin: 0 .3rem 0 .8rem; }
@media print { .scroll, .table { overflow: visible; } fieldset { display: none; } }
`;
