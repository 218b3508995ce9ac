import { pageColors, palettes } from "../palette.ts";

/** The style sheet of a report: light or dark as the reader's system is, and in one column on narrow screens. */
export const style = `
:root { color-scheme: light dark; ${pageColors(palettes.light)} --panel: #f6f8fa; --line: #dfe4ea; }
@media (prefers-color-scheme: dark) {
  :root { ${pageColors(palettes.dark)} --panel: #1a202a; --line: #2c3440; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px 20px 48px; background: var(--surface); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 12px; }
p { margin: 8px 0; white-space: pre-line; overflow-wrap: anywhere; }
.when { color: var(--muted); }
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px; margin: 0; }
.numbers div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.numbers dt { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.numbers dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 14px; align-items: start; }
.figures > div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 6px; }
.figures svg { display: block; width: 100%; max-width: 480px; height: auto; margin: 0 auto; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 12px; }
.samples figure { margin: 0; font-size: 13px; line-height: 1.35; overflow-wrap: anywhere; }
.samples img { display: block; width: 100%; border-radius: 4px; margin-bottom: 4px; }
.samples img.small { image-rendering: pixelated; }
.samples .wrong img { outline: 2px solid var(--wrong); }
.samples .wrong figcaption b { color: var(--wrong); }
.samples b { font-weight: 600; }
.samples i { font-style: normal; color: var(--muted); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; }
.epochs th, .epochs td { text-align: right; white-space: nowrap; }
.settings th { font-weight: 500; color: var(--muted); white-space: nowrap; }
details { margin-top: 14px; }
summary { cursor: pointer; font-weight: 600; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; font-size: 13px; line-height: 1.45; }
`;
