import { createHash } from 'node:crypto'

/**
 * The parts of OpenLineage events (https://openlineage.io/spec/2-0-2/OpenLineage.json). Every facet says who made it and by which
 * schema it can be checked; the versions here are those the tests hold events against.
 */
export const SCHEMA_URL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'

const FACETS = {
  schema: '1-2-0/SchemaDatasetFacet',
  version: '1-0-1/DatasetVersionDatasetFacet',
  columnLineage: '1-2-0/ColumnLineageDatasetFacet',
  documentation: '1-1-0/DocumentationDatasetFacet',
  dataQualityMetrics: '1-0-3/DataQualityMetricsInputDatasetFacet',
  dataQualityAssertions: '1-1-0/DataQualityAssertionsDatasetFacet',
  inputStatistics: '1-0-0/InputStatisticsInputDatasetFacet',
  outputStatistics: '1-0-2/OutputStatisticsOutputDatasetFacet',
  jobDocumentation: '1-1-0/DocumentationJobFacet',
  jobType: '2-0-4/JobTypeJobFacet',
  sql: '1-1-0/SQLJobFacet',
  sourceCode: '1-0-1/SourceCodeJobFacet',
  parent: '1-2-0/ParentRunFacet',
  errorMessage: '1-0-1/ErrorMessageRunFacet',
  processingEngine: '1-1-1/ProcessingEngineRunFacet',
} as const

export type Facet = Record<string, unknown> & { _producer: string; _schemaURL: string }
export type Facets = Record<string, Facet>

/** Makes facets in the name of one version of Strata. */
export type FacetMaker = (kind: keyof typeof FACETS, content: Record<string, unknown>) => Facet

export function facetMaker(producer: string): FacetMaker {
  return (kind, content) => {
    const file = FACETS[kind]
    return { _producer: producer, _schemaURL: `https://openlineage.io/spec/facets/${file}.json#/$defs/${file.split('/')[1] ?? ''}`, ...content }
  }
}

export type EventType = 'START' | 'COMPLETE' | 'FAIL' | 'ABORT'

export interface LineageDataset {
  namespace: string
  name: string
  facets: Facets
  inputFacets?: Facets
  outputFacets?: Facets
}

/** One state of one execution of one job. */
export interface LineageEvent {
  eventType: EventType
  eventTime: string
  run: { runId: string; facets: Facets }
  job: { namespace: string; name: string; facets: Facets }
  inputs: LineageDataset[]
  outputs: LineageDataset[]
  producer: string
  schemaURL: string
}

/** The same execution has the same id whenever and wherever its events are made, so that a receiver can tell a repeat. */
export function lineageRunId(parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  // RFC 9562, version 8: a UUID by a rule of one's own.
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
