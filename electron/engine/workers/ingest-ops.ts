import type { Declaration, IngestPreview, Sniffed } from '../../../shared/contract/ingest.contract.ts'

/** Operations of the worker that looks at files before they are a source. */
export interface IngestOps {
  sniff: { input: { root: string; paths: string[]; declaration: Declaration | null }; output: Sniffed; ask: never }
  hash: { input: { paths: string[] }; output: { files: ({ sha256: string; sizeBytes: number; modifiedMs: number } | null)[] }; ask: never }
  preview: { input: { root: string; paths: string[]; declaration: Declaration; limit: number }; output: IngestPreview; ask: never }
}
