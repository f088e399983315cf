/** Text that is markup already. Everything else that goes into `html` is escaped. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Part[] | null;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
  return 'markup' in part ? part.markup : part.map(render).join('');
}

export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, i) => `${text}${i < parts.length ? render(parts[i] ?? null) : ''}`).join('') };
}

/** @param align of each column: l, r, or d for a day, which does not break */
export function table(align: string, head: readonly Part[], rows: readonly (readonly Part[])[]): Markup {
  const cell = (name: 'td' | 'th', part: Part, i: number): Markup => {
    const kind = align[i] === 'r' ? 'n' : align[i] === 'd' ? 'd' : 't';
    return name === 'th' ? html`<th class="${kind}">${part}</th>` : html`<td class="${kind}">${part}</td>`;
  };
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head.map((part, i) => cell('th', part, i))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((part, i) => cell('td', part, i))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Thousands in groups, as many digits as matter. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return '–';
  const rounded = Number(value.toPrecision(digits));
  const [whole = '', fraction] = (Math.abs(rounded) >= 1000 ? Math.round(value) : rounded).toString().split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Three digits are what a plan can bear. */
export function money(value: number, currency: string): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${currency} ${number(value / 1e6)} M`;
  return size >= 1e4 ? `${currency} ${number(value / 1e3)} k` : `${currency} ${number(Math.round(value), 4)}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The assumptions, inputs and facts that figures rest on, as links to their rows. */
export function basis(figures: readonly { readonly uses: readonly string[] }[]): Markup {
  const keys = [...new Set(figures.flatMap(({ uses }) => uses))].sort();
  const links = keys.map((key, i) => [
    i === 0 ? '' : ', ',
    /^(input|target):/.test(key)
      ? html`<span class="key">${key}</span>`
      : html`<a class="key" href="#${key}">${key}</a>`,
  ]);
  return html`<p class="basis">Rests on: ${links}</p>`;
}
