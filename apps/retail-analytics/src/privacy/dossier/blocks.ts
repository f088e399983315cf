/** The dossier as blocks, so that the page and the text say the same. `code` in backticks; nothing else is marked up. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly id: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'figure'; readonly svg: string; readonly text: string }
  /** What only the operator can answer. */
  | { readonly kind: 'fill'; readonly question: string; readonly hint: string };

export interface Dossier {
  readonly title: string;
  readonly subtitle: string;
  readonly blocks: readonly Block[];
}

export const heading = (text: string): Block => ({
  kind: 'heading',
  text,
  id: text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, ''),
});
export const text = (...sentences: readonly string[]): Block => ({ kind: 'text', text: sentences.join(' ') });
export const list = (...items: readonly string[]): Block => ({ kind: 'list', items });
export const table = (head: readonly string[], ...rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  head,
  rows,
});
export const fill = (question: string, hint = ''): Block => ({ kind: 'fill', question, hint });

export function dossierMarkdown({ title, subtitle, blocks }: Dossier): string {
  const cell = (value: string): string => value.replaceAll('|', '\\|');
  const of = (block: Block): string => {
    switch (block.kind) {
      case 'heading':
        return `## ${block.text}`;
      case 'text':
        return block.text;
      case 'list':
        return block.items.map((item) => `- ${item}`).join('\n');
      case 'table':
        return [block.head, block.head.map(() => '---'), ...block.rows]
          .map((row) => `| ${row.map(cell).join(' | ')} |`)
          .join('\n');
      case 'figure':
        return `(diagram in the HTML file) ${block.text}`;
      case 'fill':
        return `**To be filled in by the operator:** ${block.question}${block.hint === '' ? '' : ` (${block.hint})`}\n\n> ...`;
      default:
        return block satisfies never;
    }
  };
  return `# ${title}\n\n${subtitle}\n\n${blocks.map(of).join('\n\n')}\n`;
}

export function dossierHtml({ title, subtitle, blocks }: Dossier): string {
  const contents = blocks.flatMap((b) =>
    b.kind === 'heading' ? [`<li><a href="#${b.id}">${inline(b.text)}</a></li>`] : [],
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title><style>${style}</style></head>
<body><main><h1>${escape(title)}</h1><p class="subtitle">${inline(subtitle)}</p>
<nav aria-label="Contents"><ol>${contents.join('')}</ol></nav>
${blocks.map(htmlOf).join('\n')}
</main></body></html>
`;
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2 id="${block.id}">${inline(block.text)}</h2>`;
    case 'text':
      return `<p>${inline(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
    case 'table': {
      const head = block.head.map((h) => `<th scope="col">${inline(h)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map((c) => `<td>${inline(c)}</td>`).join('')}</tr>`).join('\n');
      return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(block.head.join(', '))}"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
    }
    case 'figure':
      return `<figure>${block.svg}<figcaption>${inline(block.text)}</figcaption></figure>`;
    case 'fill':
      return `<div class="fill"><strong>To be filled in by the operator</strong><p>${inline(block.question)}</p>${block.hint === '' ? '' : `<p class="hint">${inline(block.hint)}</p>`}<div class="line"></div><div class="line"></div></div>`;
    default:
      return block satisfies never;
  }
}

export function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function inline(value: string): string {
  return escape(value).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

const style = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#f4f5f7;color:#1c2430;font:16px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2.5rem 3rem;background:#fff}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem}h2{font-size:1.25rem;margin:2.4rem 0 .6rem;padding-top:.6rem;border-top:2px solid #1c2430}
.subtitle{color:#4a5568;margin:0 0 1.2rem}nav{background:#f4f5f7;padding:.8rem 1rem;border-radius:6px}nav ol{columns:2;margin:0;padding-left:1.6rem}a{color:#0b4f8a}
table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid #d8dde5}
th{background:#eef1f5}.scroll{overflow-x:auto;margin:.8rem 0}code{background:#eef1f5;padding:.05em .3em;border-radius:3px;font-size:.88em;overflow-wrap:anywhere}
figure{margin:1rem 0}figure svg{width:100%;height:auto}figcaption{color:#4a5568;font-size:.92rem}
.fill{border:1px dashed #8a6d00;background:#fffaea;border-radius:6px;padding:.7rem 1rem;margin:.8rem 0}.fill p{margin:.2rem 0}.hint{color:#5c5033;font-size:.9rem}.line{border-bottom:1px solid #b9a66b;height:1.6rem}
@media print{body{background:#fff}main{padding:0}h2{break-after:avoid}.fill,tr{break-inside:avoid}}
@media(max-width:40rem){main{padding:1.2rem}nav ol{columns:1}}
`;
