import type { TextDiffGap, TextDiffLine } from '../../shared/domain/text-diff.ts'
import { countOf } from './format.ts'
import './code-lines.css'

/** Lines of a text, those that came and went marked. */
export function CodeLines({ label, lines }: { label: string; lines: readonly (TextDiffLine | TextDiffGap)[] }) {
  return (
    <div className='code code-lines' tabIndex={0} role='group' aria-label={label}>
      {lines.map((line, index) => <Line key={index} line={line} />)}
    </div>
  )
}

function Line({ line }: { line: TextDiffLine | TextDiffGap }) {
  if (line.kind === 'gap') return <div className='code-line gap'><span /><span /><span>{countOf(line.count, 'line')} that did not change</span></div>
  return (
    <div className={`code-line ${line.kind}`}>
      <span className='no'>{line.to ?? line.from}</span>
      <b>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ''}</b>
      <span>{line.text}</span>
    </div>
  )
}
