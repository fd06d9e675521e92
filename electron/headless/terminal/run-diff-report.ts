import type { ComparedCheck, ComparedStep, RunDiff, SchemaDiff, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { TextDiffGap, TextDiffLine } from '../../../shared/domain/text-diff.ts'
import { formatCount, formatDuration } from './figures.ts'
import type { Paint } from './paint.ts'
import { plainText } from './plain-text.ts'
import { runHead } from './run-report.ts'
import { type Cell, formatTable } from './table.ts'

/** Two runs against each other, for people: heads, options, steps, schema, checks, files. */
export function runDiffLines(diff: RunDiff, data: readonly VersionDiff[], paint: Paint): string[] {
  const now = Date.now()
  return [
    `A  ${runHead(diff.from, paint, now)}`,
    `B  ${runHead(diff.to, paint, now)}`,
    ...(diff.options.length === 0 ? [] : ['', ...diff.options.map(({ name, from, to }) => `${name}: ${from ?? 'not given'} → ${to ?? 'not given'}`)]),
    '',
    ...stepLines(diff.steps, data, paint),
    ...diff.steps.flatMap(({ dataset, data: pair }) => (pair === null ? [] : schemaLines(dataset, pair.schema, paint))),
    ...checkLines(diff.checks, paint),
    ...fileLines(diff, paint),
  ]
}

function stepLines(steps: readonly ComparedStep[], data: readonly VersionDiff[], paint: Paint): string[] {
  const counts = new Map(data.map((one) => [one.dataset, one]))
  return formatTable(
    [{ header: 'dataset' }, { header: 'code' }, { header: 'A', align: 'right' }, { header: 'B', align: 'right' }, { header: 'rows A', align: 'right' }, { header: 'rows B', align: 'right' }, { header: 'data' }],
    steps.map((step): Cell[] => [
      step.dataset,
      step.code === 'same' ? { text: 'same', style: 'dim' } : { text: step.code, style: step.code === 'unknown' ? 'dim' : 'yellow' },
      formatDuration(step.from?.durationMs ?? null),
      formatDuration(step.to?.durationMs ?? null),
      formatCount(step.from?.rowsOut ?? null),
      formatCount(step.to?.rowsOut ?? null),
      dataCell(step, counts.get(step.dataset)),
    ]),
    paint,
  )
}

function dataCell({ data }: ComparedStep, diff: VersionDiff | undefined): Cell {
  if (data === null) return { text: 'not comparable', style: 'dim' }
  if (data.isSame) return { text: 'same', style: 'dim' }
  if (diff === undefined) return `v${data.fromVersion} → v${data.toVersion}`
  const { added, removed, changed } = diff.counts
  if (added + removed + changed === 0) return { text: 'same rows', style: 'dim' }
  return { text: `+${formatCount(added)} −${formatCount(removed)} ~${formatCount(changed)}${diff.key.length === 0 ? ' by whole rows' : ` by ${diff.key.join(', ')}`}`, style: 'yellow' }
}

function schemaLines(dataset: string, { added, removed, retyped }: SchemaDiff, paint: Paint): string[] {
  return [
    ...added.map((column) => paint(`+ ${dataset}.${column.name} ${column.type}`, 'green')),
    ...removed.map((column) => paint(`− ${dataset}.${column.name} ${column.type}`, 'red')),
    ...retyped.map((column) => paint(`~ ${dataset}.${column.name} ${column.from} → ${column.to}`, 'yellow')),
  ]
}

function checkLines(checks: readonly ComparedCheck[], paint: Paint): string[] {
  // A rule that holds where it was evaluated, and was not in the other run, says little.
  const changed = checks.filter(({ from, to }) => (from === null || to === null ? (from ?? to)?.passed === false : from.passed !== to.passed || from.failingRows !== to.failingRows))
  if (changed.length === 0) return checks.length === 0 ? [] : ['', paint(`${checks.length} checks came out the same, or were evaluated in one run only`, 'dim')]
  const word = (side: ComparedCheck['from']): string =>
    side === null ? 'not evaluated' : side.passed ? 'holds' : `${side.severity === 'block' ? 'blocks' : 'warns'}${side.failingRows === null ? '' : `, ${formatCount(side.failingRows)} rows`}`
  return ['', ...changed.map(({ dataset, rule, from, to }) => `check ${dataset} ${rule}: ${word(from)} → ${word(to)}`)]
}

function fileLines({ deliveries }: RunDiff, paint: Paint): string[] {
  const hash = (sha256: string | null): string => (sha256 === null ? 'none' : sha256.slice(0, 12))
  return deliveries.length === 0 ? [] : ['', ...deliveries.map((file) => `file ${plainText(file.fileName)} into ${file.dataset}: ${paint(`${hash(file.fromSha256)} → ${hash(file.toSha256)}`, 'dim')}`)]
}

/** A unified diff of one file. */
export function codeDiffLines(file: string, lines: readonly (TextDiffLine | TextDiffGap)[], paint: Paint): string[] {
  return [
    '',
    paint(file, 'bold'),
    ...lines.map((line) => {
      if (line.kind === 'gap') return paint(`    … ${line.count} ${line.count === 1 ? 'line' : 'lines'}`, 'dim')
      const number = String(line.to ?? line.from).padStart(4)
      const text = plainText(line.text)
      if (line.kind === 'added') return paint(`${number} + ${text}`, 'green')
      return line.kind === 'removed' ? paint(`${number} − ${text}`, 'red') : `${number}   ${text}`
    }),
  ]
}
