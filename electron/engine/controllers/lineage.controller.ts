import type { AffectedColumn, ColumnImpact } from '../../../shared/contract/column-lineage.contract.ts'
import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { RunRef, RunStep } from '../../../shared/contract/runs.contract.ts'
import { NO_CHECKS } from '../../../shared/domain/check-counts.ts'
import { closestName, parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import type { RunsReader } from '../ledger/runs.store.ts'
import type { StepsReader } from '../ledger/steps.store.ts'
import { publishedAt, type VersionRow } from '../ledger/versions.store.ts'
import { affectedColumns } from '../lineage/column-impact.ts'
import type { TraceParts } from '../lineage/trace-parts.ts'
import { traceRows } from '../lineage/trace-rows.ts'
import type { VersionColumns } from '../lineage/version-columns.ts'
import { type Direction, distances, type GraphEdge, versionGraph } from '../lineage/version-graph.ts'
import type { Masks } from '../masks/masks.ts'
import { columnOf } from '../query/column-of.ts'
import { readSavedViews } from '../views/saved-views.ts'
import { type AffectedByDataset, viewsAbout } from '../views/views-about.ts'
import type { Api } from './api.ts'
import { currentOrAsOf, findVersion } from './find-version.ts'
import { promisesAbout, type PromisesParts } from './promises-about.ts'

export interface LineageControllerParts extends PromisesParts, TraceParts {
  columns: VersionColumns
  masks: Masks
  runs: RunsReader
  steps: StepsReader
  checks: ChecksReader
}

export function lineageController(api: Api, parts: LineageControllerParts) {
  const { columns } = parts
  return {
    graph: api.lineage.graph.handler(({ input }): LineageGraph => {
      const { shown, known, graph } = momentOf(parts, input)
      const nodes = describeNodes(parts, { shown, known, versions: graph.versions, edges: graph.edges })
      return {
        focus: input.focus ?? null,
        nodes,
        edges: graph.edges.filter(({ from, to }) => shown.has(from) && shown.has(to)),
        sources: sourcesOf(parts, nodes, graph.versions),
        exports: exportsOf(parts, nodes, { isPast: input.asOf !== undefined || input.version !== undefined }),
      }
    }),
    columns: api.lineage.columns.handler(async ({ input, signal }) => {
      const { shown, graph } = momentOf(parts, input)
      return { datasets: await columns.of([...shown.keys()].flatMap((dataset) => graph.versions.get(dataset) ?? []), signal) }
    }),
    trace: api.lineage.trace.handler(({ input: { where, column = null, ...ref }, context: { actor }, signal }) => traceRows(parts, { version: findVersion(parts.versions, ref), where, column, columns, masks: parts.masks, by: { actor, signal } })),
    impact: api.lineage.impact.handler(async ({ input, signal }): Promise<ColumnImpact> => {
      const { shown, graph } = momentOf(parts, { ...input, focus: input.dataset, direction: 'downstream', hops: MOST_HOPS })
      const version = findVersion(parts.versions, input)
      const column = input.column === undefined ? null : columnOf(version.columns, input.column).name
      const below = [...shown.keys()].flatMap((dataset) => graph.versions.get(dataset) ?? [])
      const affected = affectedColumns({ dataset: input.dataset, column, datasets: await columns.of(below, signal), inputsOf: inputsOf(graph.edges) })
      const { views } = await readSavedViews(parts)
      return {
        dataset: input.dataset, version: version.number, column, columns: affected,
        ...promisesAbout(parts, { dataset: input.dataset, column, affected }),
        views: viewsAbout(views, affectedByDataset({ dataset: input.dataset, column, affected })),
      }
    }),
  }
}

function affectedByDataset({ dataset, column, affected }: { dataset: string; column: string | null; affected: readonly AffectedColumn[] }): AffectedByDataset {
  const columns = [...affected.map((one) => ({ dataset: one.dataset, column: one.column })), ...(column === null ? [] : [{ dataset, column }])]
  const byDataset = new Map<string, ReadonlySet<string> | null>([...Map.groupBy(columns, (one) => one.dataset)].map(([at, ofIt]) => [at, new Set(ofIt.map((one) => one.column.toLowerCase()))]))
  return column === null ? byDataset.set(dataset, null) : byDataset
}

const MOST_HOPS = 50

interface MomentInput {
  focus?: string | undefined
  version?: number | undefined
  asOf?: RunRef | undefined
  direction: Direction
  hops: number
}

/** The exact versions that a question is about, and which datasets of them. */
function momentOf(parts: LineageControllerParts, { focus, version, direction, hops, asOf }: MomentInput) {
  const past = asOf === undefined ? null : currentOrAsOf(parts.versions, asOf)
  const isPublished = focus !== undefined && (past === null ? parts.versions.current(focus) !== null : past.some(({ dataset }) => dataset === focus))
  const start = focus !== undefined && (version !== undefined || isPublished) ? findVersion(parts.versions, { dataset: focus, version, asOf }) : null
  const declared = declaredEdges(parts)
  const graph = versionGraph(parts.versions, declared.edges, { start, past })
  const known = new Map([...declared.kinds, ...[...graph.versions.keys()].filter((dataset) => !declared.kinds.has(dataset)).map((dataset) => [dataset, 'sql'] as const)])
  if (focus !== undefined && !known.has(focus)) throw unknownDataset(focus, [...known.keys()])
  return { graph, known, shown: within([...known.keys()], graph.edges, { focus: focus ?? null, direction, hops }) }
}

function inputsOf(edges: readonly GraphEdge[]): Map<string, string[]> {
  return new Map([...Map.groupBy(edges, ({ to }) => to)].map(([to, into]) => [to, into.map(({ from }) => from)]))
}

type Kind = LineageNode['kind']

function declaredEdges({ workspace }: LineageControllerParts): { edges: { from: string; to: string }[]; kinds: Map<string, Kind> } {
  const steps = workspace.current().dataTypes.flatMap((dataType) => dataType.steps)
  return {
    edges: steps.flatMap((step) => step.inputs.map((from) => ({ from, to: step.dataset }))),
    kinds: new Map(steps.map((step) => [step.dataset, step.kind])),
  }
}

function unknownDataset(focus: string, known: string[]): ProblemError {
  const closest = closestName(focus, known)
  return new ProblemError('NOT_FOUND', `The workspace has no dataset ${focus}`, { hint: closest === null ? null : `Did you mean ${closest}?`, details: { dataset: focus } })
}

function within(all: readonly string[], edges: readonly GraphEdge[], { focus, direction, hops }: { focus: string | null; direction: Direction; hops: number }): Map<string, number> {
  if (focus === null) return new Map(all.map((dataset) => [dataset, 0]))
  return new Map([...distances(edges, focus, direction)].filter(([, distance]) => distance <= hops))
}

interface NodeFacts {
  shown: ReadonlyMap<string, number>
  known: ReadonlyMap<string, Kind>
  versions: ReadonlyMap<string, VersionRow>
  edges: readonly GraphEdge[]
}

function describeNodes(parts: LineageControllerParts, { shown, known, versions, edges }: NodeFacts): LineageNode[] {
  const states = lastStates(parts)
  const checks = parts.checks.countsOfVersions([...versions.values()].map((version) => version.id))
  const hidden = { upstream: Map.groupBy(edges.filter(({ from }) => !shown.has(from)), ({ to }) => to), downstream: Map.groupBy(edges.filter(({ to }) => !shown.has(to)), ({ from }) => from) }
  return [...shown].flatMap(([dataset, distance]) => {
    const name = parseDatasetId(dataset)
    const version = versions.get(dataset)
    if (name === null) return []
    return [
      {
        dataset,
        ...name,
        ...versionFacts(version),
        kind: known.get(dataset) ?? 'sql',
        state: states.get(dataset) ?? (version === undefined ? 'pending' : 'succeeded'),
        checks: checks.get(version?.id ?? 0) ?? NO_CHECKS,
        distance,
        hidden: { upstream: hidden.upstream.get(dataset)?.length ?? 0, downstream: hidden.downstream.get(dataset)?.length ?? 0 },
      },
    ]
  })
}

function versionFacts(version: VersionRow | undefined): Pick<LineageNode, 'version' | 'runNumber' | 'rowCount' | 'publishedAt' | 'columns'> {
  if (version === undefined) return { version: null, runNumber: null, rowCount: null, publishedAt: null, columns: [] }
  const { number, runNumber, rowCount, columns } = version
  return { version: number, runNumber, rowCount, publishedAt: publishedAt(version), columns }
}

function lastStates({ runs, steps }: LineageControllerParts): Map<string, RunStep['state']> {
  return new Map(runs.latestByType().flatMap((run) => steps.ofRun(run.id).map((step) => [step.dataset, step.state] as const)))
}

function sourcesOf({ versions: reader }: LineageControllerParts, nodes: readonly LineageNode[], versions: ReadonlyMap<string, VersionRow>): LineageGraph['sources'] {
  return reader.deliveredFiles(nodes.flatMap(({ dataset }) => versions.get(dataset)?.id ?? []))
}

const MOST_EXPORTS = 1_000

function exportsOf({ exports: reader }: LineageControllerParts, nodes: readonly LineageNode[], { isPast }: { isPast: boolean }): LineageGraph['exports'] {
  const versions = new Map(nodes.map(({ dataset, version }) => [dataset, version]))
  return reader
    .ofDatasets([...versions.keys()], MOST_EXPORTS)
    .filter(({ dataset, version }) => !isPast || versions.get(dataset) === version)
    .map(({ id, dataset, version, path, format, sizeBytes, startedAt }) => ({ id, dataset, version, path, format, sizeBytes, startedAt }))
}
