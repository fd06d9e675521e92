import { isAbsolute, normalize } from 'node:path'
import { secretReference } from '../../../shared/domain/secret-name.ts'
import type { FindingList } from './finding-list.ts'
import type { StrataFile } from './strata-file.schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** Where the events of runs go, and under which names. */
export interface LineageSink {
  /** Of jobs and datasets. */
  namespace: string
  /** Path in the workspace; null where none is written. */
  file: string | null
  /** Null where nobody is told. */
  endpoint: { url: string; headers: Record<string, string> } | null
}

const OURS = /^(?:\.strata|zones|pipelines|inbox)(?:[/\\]|$)|^strata\.yaml$/i
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'api-key'])

/** `lineage.openlineage` of strata.yaml; null where it is not there, or nothing of it can be used. */
export function readLineageSink(strata: Pick<StrataFile, 'name' | 'lineage'> | null, document: YamlDocument, findings: FindingList): LineageSink | null {
  const written = strata?.lineage?.openlineage
  if (strata === null || written === undefined) return null
  const complain: Complain = (path, message, suggestion) => {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place(['lineage', 'openlineage', ...path]), message, suggestion })
  }
  const { namespace = `strata://${strata.name}`, file, url, headers = {} } = written
  checkHeaders(headers, complain)
  return { namespace, file: readPlace(file, complain), endpoint: readEndpoint(url, headers, complain) }
}

type Complain = (path: string[], message: string, suggestion: string) => void

function readPlace(file: string | undefined, complain: Complain): string | null {
  if (file === undefined) return null
  if (isInWorkspace(file)) return normalize(file)
  complain(['file'], `"${file}" is no place for events: it must be a path in the workspace, outside of the folders that Strata keeps`, 'Write lineage/openlineage.ndjson')
  return null
}

function readEndpoint(url: string | undefined, headers: Record<string, string>, complain: Complain): LineageSink['endpoint'] {
  if (url === undefined) return null
  if (isAddress(url)) return { url, headers }
  complain(['url'], 'The address of "lineage.openlineage.url" cannot be used: it must be http(s), without a user name or password', 'Write it like https://collector.example.org/api/v1/lineage; credentials go into headers, as secret:name')
  return null
}

function checkHeaders(headers: Record<string, string>, complain: Complain): void {
  for (const [header, value] of Object.entries(headers)) {
    if (/[\r\n]/.test(value) || !/^[\w!#$%&'*+.^`|~-]+$/.test(header)) complain(['headers', header], `"${header}" is no header with one line of value`, 'Write one line')
    else if (SECRET_HEADERS.has(header.toLowerCase()) && secretReference(value) === null && !value.includes('{secret:')) complain(['headers', header], `"headers.${header}" must name a secret, not hold one`, 'Keep it with "strata secrets set <name>", and write secret:<name>, or "Bearer {secret:<name>}"')
  }
}

function isInWorkspace(file: string): boolean {
  const path = normalize(file)
  return !isAbsolute(path) && !path.startsWith('..') && !OURS.test(path)
}

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}
