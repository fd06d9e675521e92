import { formatCount } from './format.ts'
import './file-lines.css'

interface FileLinesProps {
  lines: readonly { number: number; text: string; isRecord: boolean }[]
  /** Whether the record is what is wrong here, or what is looked for. */
  tone: 'failed' | 'found'
}

/** Lines of a delivered file, with those of a record marked. */
export function FileLines({ lines, tone }: FileLinesProps) {
  return (
    <div className='file-lines' role='group' aria-label='Lines of the file' tabIndex={0}>
      {lines.map(({ number, text, isRecord }) => (
        <div key={number} aria-current={isRecord || undefined} className={isRecord ? `file-line ${tone}` : 'file-line'}>
          <span className='num'>{formatCount(number)}</span>
          <code>{text === '' ? ' ' : text}</code>
        </div>
      ))}
    </div>
  )
}
