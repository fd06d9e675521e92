import { diffLines } from 'diff'

export interface TextDiffLine {
  kind: 'same' | 'added' | 'removed'
  /** Line numbers from 1; null on the side that has no such line. */
  from: number | null
  to: number | null
  text: string
}

/** Lines left out between two hunks. */
export interface TextDiffGap {
  kind: 'gap'
  count: number
}

/** Two texts line by line, in the order in which they are read: what was removed stands before what was added in its place. */
export function textDiff(from: string, to: string): TextDiffLine[] {
  let fromLine = 0
  let toLine = 0
  return diffLines(withLineEnd(from), withLineEnd(to)).flatMap(({ added, removed, value }) =>
    value.split('\n').slice(0, -1).map((text): TextDiffLine => {
      if (removed) return { kind: 'removed', from: (fromLine += 1), to: null, text }
      if (added) return { kind: 'added', from: null, to: (toLine += 1), text }
      return { kind: 'same', from: (fromLine += 1), to: (toLine += 1), text }
    }),
  )
}

/** A last line without its end is no other line; Windows line ends are none either. */
function withLineEnd(text: string): string {
  const unix = text.replaceAll('\r\n', '\n')
  return unix === '' || unix.endsWith('\n') ? unix : `${unix}\n`
}

/** Only what changed, with a few lines around it. */
export function withContext(lines: readonly TextDiffLine[], context = 3): (TextDiffLine | TextDiffGap)[] {
  const isNear = new Array<boolean>(lines.length).fill(false)
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'same') isNear.fill(true, Math.max(0, index - context), index + context + 1)
  }
  const shown: (TextDiffLine | TextDiffGap)[] = []
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1)
    if (isNear[index] === true) shown.push(line)
    else if (last?.kind === 'gap') last.count += 1
    else shown.push({ kind: 'gap', count: 1 })
  }
  return shown
}
