// How a report looks as HTML: one type scale, one spacing scale, colour for verdicts and nothing else.

export const HTML_STYLE: string = `
:root{color-scheme:light dark;--xs:.75rem;--s:.8125rem;--m:.9375rem;--l:1.125rem;--xl:1.5rem;
--s1:.25rem;--s2:.5rem;--s3:.75rem;--s4:1rem;--s5:1.5rem;--s6:2.5rem;
--ground:#fff;--panel:#f4f6f8;--edge:#d6dce3;--ink:#16202c;--ink-2:#4b5868;--link:#1d5fae;
--allow:#0f7a55;--deny:#b3302f;--unknown:#8a5a00;--bar:#4b5868}
@media (prefers-color-scheme:dark){:root{--ground:#0e1319;--panel:#161d26;--edge:#2b3643;--ink:#e4eaf1;
--ink-2:#a3b0c0;--link:#7fb3f5;--allow:#4fcf9f;--deny:#ff8f86;--unknown:#eebb55;--bar:#a3b0c0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:var(--s5) var(--s4) var(--s6);background:var(--ground);color:var(--ink);
font:var(--m)/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums lining-nums}
h1{margin:0 0 var(--s3);font-size:var(--xl);line-height:1.25;font-weight:650}
h2{margin:var(--s6) 0 var(--s3);padding-top:var(--s3);border-top:1px solid var(--edge);font-size:var(--l);line-height:1.25;font-weight:620}
p{margin:0 0 var(--s3);max-width:72ch}
code,pre{font-family:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Consolas,monospace;font-size:.92em}
code{overflow-wrap:anywhere}
pre{margin:0 0 var(--s3);padding:var(--s3);background:var(--panel);overflow-x:auto}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:var(--s1) var(--s4);margin:var(--s4) 0 0;padding:0;list-style:none;font-size:var(--s)}
.note{padding:var(--s2) var(--s3);border-left:3px solid var(--unknown);background:var(--panel)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:var(--s1) var(--s4);margin:0 0 var(--s3)}
dt{color:var(--ink-2)}dd{grid-column:2;margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 0 var(--s3)}
table{border-collapse:collapse;font-size:var(--s)}
th,td{padding:var(--s1) var(--s4) var(--s1) 0;text-align:left;vertical-align:baseline}
th{border-bottom:1px solid var(--edge);color:var(--ink-2);font-weight:500;white-space:nowrap}
.num{text-align:right;white-space:nowrap}
.more td{padding-bottom:var(--s3);color:var(--ink-2);font-size:var(--xs)}
.list{margin:0 0 var(--s3);padding:0;list-style:none}
.list li{display:grid;grid-template-columns:1.25rem minmax(0,1fr);margin-bottom:var(--s1)}
.list .sub{grid-column:2;font-size:var(--s)}
.good{color:var(--allow)}.bad{color:var(--deny)}.warn{color:var(--unknown)}.faint,.sub,footer{color:var(--ink-2)}
.heading{font-weight:620}
figure{margin:0 0 var(--s4)}
figcaption{margin-bottom:var(--s2);color:var(--ink-2);font-size:var(--s)}
svg{display:block;width:100%;max-width:45rem;height:auto}
svg text{fill:var(--ink-2);font-size:12px}
svg .allow{fill:var(--allow)}svg .deny{fill:var(--deny)}svg .unknown{fill:var(--unknown)}svg .bar{fill:var(--bar)}
svg .axis{stroke:var(--edge)}svg .end{text-anchor:end}svg .label{fill:var(--ink)}
footer{margin-top:var(--s6);font-size:var(--xs)}
a:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:10pt}nav{display:none}
.scroll,pre{overflow:visible}pre{white-space:pre-wrap}tr,figure,li{break-inside:avoid}h2{break-after:avoid}}
`;

/** SHA-256 of the style, by which a report's own policy admits it and no other; a test compares it. */
export const HTML_STYLE_HASH: string = "l/MMcqnvL67Pu/k5nLfW6+PTZqZ72JH6lcAkDXCmLss=";
