/** The card of a foreign model: what it is, where it comes from, what was assumed, and above all what nobody here measured. */
export function wrapCardTemplate(assumed: readonly string[]): string {
  return `# {{name}} {{version}}

Revision {{revision}}, task {{task}}. A model that was made elsewhere, wrapped into a bundle. Its file was not changed.

## What was NOT measured

- How well it finds people in your store: nothing here says it. Run \`npm run people -- --bundle FOLDER --data PICTURES\` on
  labelled pictures of your own cameras before you trust a count, and choose the threshold on them.
- How it treats people of different age, height, dress, skin or with aids such as wheelchairs: its author may have measured it,
  this bundle has not.
- Its training. Lineage says what its author states; nobody here has seen the data.
- How fast it runs on your machine: the station prints it.

## What was checked

The file loads and gives the tensors of the table below; its outputs can be decoded; the golden vectors (drawn figures, no
photographs) pin what this file computes, so that another machine that computes something else is noticed.

## What was assumed

${assumed.map((line) => `- ${line}`).join('\n')}

## Intended use

To find where people are, for counts that are released as aggregates. Not for recognising anybody, not across visits and not
within one; not for faces, age, sex or mood; not as the only safeguard of anything.

## Terms

{{licence.spdx}}. {{licence.note}}

## Lineage

{{lineage.data}}

{{lineage.inputs}}

Wrapped by \`{{lineage.command}}\`, seed of the drawn pictures {{lineage.seed}}.

## Variants

{{variants}}

## Thresholds

{{thresholds}}

## Figures

{{metrics}}

## Agreement

Made elsewhere: there is no second path of the same model to compare with.

{{agreement}}
`;
}
