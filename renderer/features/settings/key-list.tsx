import { Kbd } from '../../ui/kbd.tsx'

const KEYS: readonly { group: string; keys: readonly (readonly [caps: string, does: string])[] }[] = [
  {
    group: 'Everywhere',
    keys: [
      ['Ctrl K', 'Search or run a command'],
      ['Alt 1 … 9', 'Overview, Runs, Lineage, Data, SQL, Quality, Exports, Pipelines, Settings'],
      ['Alt ←', 'Back'],
      ['Alt →', 'Forward'],
      ['F6', 'Next region; with Shift the one before'],
      ['Ctrl /', 'This list'],
      ['Ctrl Shift C', 'Copy the address of this view'],
      ['Esc', 'Close one layer'],
    ],
  },
  {
    group: 'Run',
    keys: [
      ['Ctrl Enter', 'Choose what to run (in Overview and Runs)'],
      ['Ctrl .', 'Cancel the run shown'],
      ['↑ ↓', 'Move over steps'],
      ['← →', 'Move over tabs'],
    ],
  },
  {
    group: 'SQL',
    keys: [
      ['Ctrl Enter', 'Run the selection, or all statements'],
      ['Ctrl Shift Enter', 'Explain'],
      ['Ctrl .', 'Stop what runs'],
      ['Ctrl Space', 'What can be written here'],
      ['Ctrl S', 'Save under a name'],
      ['Ctrl F', 'Find in the text'],
      ['Esc Tab', 'Leave the editor'],
    ],
  },
  {
    group: 'Pipelines',
    keys: [
      ['Ctrl S', 'Save the file'],
      ['Ctrl Enter', 'Preview what the SELECT gives'],
      ['Shift Alt F', 'Put the text into its usual form'],
      ['Ctrl Space', 'What can be written here'],
    ],
  },
  {
    group: 'Lineage',
    keys: [
      ['← →', 'To what it was made from, to what was made from it'],
      ['↑ ↓', 'To the next of the same zone'],
      ['Enter', 'Open the dataset; show each of a stack'],
      ['Ctrl E', 'Save as a picture'],
      ['L', 'Focus on the chosen dataset'],
    ],
  },
  {
    group: 'Lists and grids',
    keys: [
      ['↑ ↓', 'Move by a row'],
      ['PgUp PgDn', 'Move by a page'],
      ['Home End', 'First and last'],
      ['Enter', 'Open'],
      ['Ctrl Shift G', 'Groups of the rows, and back (in Data)'],
      ['Ctrl Shift H', 'A chart of the rows, and back (in Data)'],
      ['F', 'Only rows with the value of the cell (in Data)'],
      ['T', 'Trace the value of the cell to its file (in Data)'],
      ['L', 'Lineage of what is shown (in Data and Lineage)'],
    ],
  },
]

/** The keys that work in this version, by place. */
export function KeyList() {
  return (
    <>
      {KEYS.map(({ group, keys }) => (
        <section key={group} className='block' aria-label={group}>
          <h3>{group}</h3>
          <dl className='key-list'>
            {keys.map(([caps, does]) => (
              <div key={caps}>
                <dt><Kbd>{caps}</Kbd></dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  )
}
