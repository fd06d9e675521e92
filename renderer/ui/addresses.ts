import type { ChartSpec } from '../../shared/domain/chart.ts'
import type { PivotView } from '../../shared/domain/pivot.ts'
import type { QuarantineState } from '../../shared/domain/quarantine-state.ts'
import type { ACTOR_KINDS } from '../../shared/domain/actor.ts'
import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { Filter, Sort } from '../../shared/domain/table-query.ts'
import { writeSearch } from './search-text.ts'

type ActorKind = (typeof ACTOR_KINDS)[number]

/**
 * Addresses of views, as hrefs. Plain anchors carry them, so that every place can be opened elsewhere and copied; the routes
 * in shell/ read them back.
 */

export const welcomeAddress = '#/welcome'
export const overviewAddress = '#/overview'
export const runsAddress = '#/runs'
export const exportsAddress = '#/exports'
export const settingsAddress = '#/settings'
export const storageAddress = '#/storage'

/** Where files are looked at before they are a source; without any, where they are chosen. */
export function ingestAddress(paths: readonly string[] = []): string {
  return `#/ingest${writeSearch({ paths: paths.length === 0 ? undefined : [...paths] })}`
}

export type RunTab = 'steps' | 'entities' | 'quarantine' | 'checks' | 'trend' | 'log' | 'io'

/** What the runs screen shows: the list, failures by cause, or lines of logs. */
export type RunsView = 'errors' | 'logs'

export interface RunListSearch {
  dataType?: string | undefined
  state?: string | undefined
  trigger?: string | undefined
  text?: string | undefined
  /** First and last day, 2026-11-24. */
  from?: string | undefined
  to?: string | undefined
  /** The list when absent. */
  view?: RunsView | undefined
}

export interface CompareSearch {
  dataType?: string | undefined
  from?: number | undefined
  to?: number | undefined
  dataset?: string | undefined
  kind?: string | undefined
  /** Columns that name a row, by comma. */
  key?: string | undefined
}

export function compareAddress({ dataType, from, to, dataset, kind, key }: CompareSearch): string {
  return `#/runs/compare${writeSearch({ dataType, from, to, dataset, kind, key })}`
}

export function runListAddress(search: RunListSearch = {}): string {
  return `#/runs${writeSearch({ view: search.view, dataType: search.dataType, state: search.state, trigger: search.trigger, from: search.from, to: search.to, text: search.text })}`
}

export function runAddress({ dataType, runNumber }: RunRef, tab?: RunTab): string {
  return `#/runs/${encodeURIComponent(dataType)}/${runNumber}${writeSearch({ tab })}`
}

/** A run of all data types. No data type can be called like that. */
export function groupAddress(group: number): string {
  return `#/runs/run-group/${group}`
}

/** Where a run's data wait for a decision; without a gate, the one that it waits at. */
export function approvalAddress({ dataType, runNumber }: RunRef, search: { gate?: string | undefined; dataset?: string | undefined } = {}): string {
  return `#/runs/${encodeURIComponent(dataType)}/${runNumber}/approval${writeSearch({ gate: search.gate, dataset: search.dataset })}`
}

export interface AuditSearch {
  text?: string | undefined
  actor?: ActorKind | undefined
  action?: string | undefined
  target?: string | undefined
  /** Days, as 2026-01-31. */
  from?: string | undefined
  to?: string | undefined
}

export function auditAddress({ text, actor, action, target, from, to }: AuditSearch = {}): string {
  return `#/audit${writeSearch({ text, actor, action, target, from, to })}`
}

export interface DataSearch {
  /** Version; the current one when absent. */
  v?: number | undefined
  sort?: Sort[] | undefined
  filter?: Filter[] | undefined
  /** Name of a saved view; its filters and order where the address has neither. */
  view?: string | undefined
  /** Drawn instead of the rows. */
  chart?: ChartSpec | undefined
  /** Groups instead of the rows; without a column to group by, the rows with what groups them above. */
  pivot?: PivotView | undefined
}

export function dataAddress(dataset?: string, search: DataSearch = {}): string {
  const path = dataset === undefined ? '#/data' : `#/data/${encodeURIComponent(dataset)}`
  return `${path}${writeSearch({ v: search.v, sort: search.sort, filter: search.filter, view: search.view, chart: search.chart, pivot: search.pivot })}`
}

/** Two versions of a dataset; the current one and the one before where they are left out. */
export interface DiffAddress {
  from?: number | undefined
  to?: number | undefined
  kind?: string | undefined
  /** Columns that name a row, by comma. */
  key?: string | undefined
}

export function diffAddress(dataset: string, { from, to, kind, key }: DiffAddress = {}): string {
  return `#/data/${encodeURIComponent(dataset)}/diff${writeSearch({ from, to, kind, key })}`
}

export const ENTITY_TABS = ['rows', 'timeline', 'runs'] as const
export type EntityTab = (typeof ENTITY_TABS)[number]

/** `asOf`: as it was just after that run, now when absent. */
export function entityAddress(entityId: string, asOf?: RunRef, tab?: EntityTab): string {
  return `#/data/entity/${encodeURIComponent(entityId)}${writeSearch({ type: asOf?.dataType, run: asOf?.runNumber, tab: tab === 'rows' ? undefined : tab })}`
}

/** `v`: the versions around that one; `asOf`: as everything was just after that run; now when both are absent. */
export function lineageAddress(dataset?: string, search: { v?: number | undefined; asOf?: RunRef | undefined; column?: string | undefined } = {}): string {
  const path = dataset === undefined ? '#/lineage' : `#/lineage/${encodeURIComponent(dataset)}`
  return `${path}${writeSearch({ v: search.v, type: search.asOf?.dataType, run: search.asOf?.runNumber, column: search.column })}`
}

export interface PipelinesSearch {
  /** Path of a file in the workspace. */
  file?: string | undefined
  line?: number | undefined
}

export function pipelinesAddress({ file, line }: PipelinesSearch = {}): string {
  return `#/pipelines${writeSearch({ file, line })}`
}

export interface TraceSearch {
  v?: number | undefined
  /** The row: its values by column, `eq` or `is_null`. */
  filter?: readonly Filter[] | undefined
  /** Without it, the whole row. */
  column?: string | undefined
}

/** Where a row of a dataset, or one value of it, was made from. */
export function traceAddress(dataset: string, { v, filter, column }: TraceSearch): string {
  return `#/lineage/${encodeURIComponent(dataset)}/trace${writeSearch({ v, filter: filter?.length === 0 ? undefined : filter, column })}`
}

export const QUALITY_VIEWS = ['quarantine', 'contracts', 'checks'] as const
export type QualityView = (typeof QUALITY_VIEWS)[number]

export interface QualitySearch {
  dataType?: string | undefined
  text?: string | undefined
}

export function qualityAddress(view: QualityView, search: QualitySearch = {}): string {
  return `#/quality/${view}${writeSearch({ dataType: search.dataType, text: search.text })}`
}

export interface ContractsSearch extends QualitySearch {
  /** The one whose versions are shown. */
  dataset?: string | undefined
  /** The dataset that rules are suggested for. */
  suggest?: string | undefined
}

export function contractsAddress({ dataType, text, dataset, suggest }: ContractsSearch = {}): string {
  return `#/quality/contracts${writeSearch({ dataType, text, dataset, suggest })}`
}

export interface ChecksSearch extends QualitySearch {
  /** Only its rules. */
  dataset?: string | undefined
  /** The one whose trend and rows are shown. */
  rule?: string | undefined
}

export function checksAddress({ dataType, text, dataset, rule }: ChecksSearch): string {
  return `#/quality/checks${writeSearch({ dataType, text, dataset, rule })}`
}

export interface QuarantineSearch extends QualitySearch {
  dataset?: string | undefined
  /** The reason whose records are shown, values left out. */
  signature?: string | undefined
  /** Without one: what is open. */
  state?: QuarantineState | 'gone' | 'all' | undefined
}

export function quarantineAddress({ dataType, text, dataset, signature, state }: QuarantineSearch): string {
  return `#/quality/quarantine${writeSearch({ dataType, text, dataset, signature, state })}`
}

export interface SqlSearch {
  sql?: string | undefined
  /** Of a named query. */
  name?: string | undefined
  /** Of the run as of which is read. */
  type?: string | undefined
  run?: number | undefined
  /** Datasets, and the versions at which they are read. */
  pins?: [dataset: string, version: number][] | undefined
}

export function sqlAddress({ sql, name, asOf, pins = [] }: Pick<SqlSearch, 'sql' | 'name' | 'pins'> & { asOf?: RunRef | undefined } = {}): string {
  return `#/sql${writeSearch({ sql, name, type: asOf?.dataType, run: asOf?.runNumber, pins: pins.length === 0 ? undefined : pins })}`
}

/** Goes to an address as a click on its link would. */
export function goTo(address: string): void {
  window.location.hash = address.slice(1)
}
