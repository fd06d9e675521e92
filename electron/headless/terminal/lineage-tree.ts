import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { formatBytes, formatCount } from './figures.ts'
import type { Paint } from './paint.ts'
import { plainText } from './plain-text.ts'

const MAX_FILES = 8

/** The graph as two indented trees around the focus: what it was made from, with the delivered files, and what was made from it. */
export function lineageTree(graph: LineageGraph, focus: string, paint: Paint): string[] {
  const up = branches({ graph, paint, from: focus, direction: 'upstream' })
  const down = branches({ graph, paint, from: focus, direction: 'downstream' })
  return [
    nodeText(graph, focus, paint),
    paint('made from', 'dim'),
    ...(up.length > 0 ? up : ['  nothing']),
    paint('used by', 'dim'),
    ...(down.length > 0 ? down : ['  nothing']),
  ]
}

interface Walk {
  graph: LineageGraph
  paint: Paint
  from: string
  direction: 'upstream' | 'downstream'
}

function branches(walk: Walk): string[] {
  const shown = new Set<string>([walk.from])
  const lines: string[] = []
  const visit = (dataset: string, indent: string): void => {
    const files = walk.direction === 'upstream' ? fileTexts(walk, dataset) : []
    const next = neighbours(walk, dataset)
    const last = files.length + next.length - 1
    for (const [i, text] of files.entries()) lines.push(`${indent}${i === last ? '└ ' : '├ '}${text}`)
    for (const [i, name] of next.entries()) {
      const isLast = files.length + i === last
      const known = shown.has(name)
      lines.push(`${indent}${isLast ? '└ ' : '├ '}${nodeText(walk.graph, name, walk.paint)}${known ? walk.paint(' (see above)', 'dim') : ''}`)
      shown.add(name)
      if (!known) visit(name, `${indent}${isLast ? '  ' : '│ '}`)
    }
  }
  visit(walk.from, '  ')
  return lines
}

/** The delivered files of a dataset; of many only the first, since --json has them all. */
function fileTexts({ graph, paint }: Walk, dataset: string): string[] {
  const files = graph.sources.filter((source) => source.dataset === dataset)
  const shown = files.length > MAX_FILES ? files.slice(0, MAX_FILES - 1) : files
  const texts = shown.map((file) => `${plainText(file.fileName)} ${paint(`${formatBytes(file.sizeBytes)}, sha256 ${file.sha256.slice(0, 12)}`, 'dim')}`)
  return files.length === shown.length ? texts : [...texts, paint(`and ${formatCount(files.length - shown.length)} more files`, 'dim')]
}

function neighbours({ graph, direction }: Walk, dataset: string): string[] {
  const found = direction === 'upstream' ? graph.edges.filter(({ to }) => to === dataset).map(({ from }) => from) : graph.edges.filter(({ from }) => from === dataset).map(({ to }) => to)
  return [...new Set(found)].toSorted()
}

function nodeText({ nodes }: LineageGraph, dataset: string, paint: Paint): string {
  const node = nodes.find((candidate) => candidate.dataset === dataset)
  if (node === undefined) return dataset
  const facts = node.version === null ? 'not made yet' : `v${node.version}, ${formatCount(node.rowCount)} rows, by ${node.dataType} #${node.runNumber ?? '?'}`
  return `${paint(dataset, 'bold')} ${paint(facts, 'dim')}`
}
