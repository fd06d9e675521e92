import type { Doubt, SourceGuess } from '../../../../shared/contract/ingest.contract.ts'
import type { SourceDraft, TextContent } from './source-draft.ts'
import { type JsonOutline, outlineJson } from './json-outline.ts'
import { outlineXml } from './xml-outline.ts'

type RecordPaths = SourceGuess['recordPaths']

export function draftJson({ encoding }: TextContent): SourceDraft {
  const outline = outlineJson(encoding.text)
  const recordPaths = jsonPaths(outline)
  const [{ path, text } = { path: null, text: '' }] = recordPaths
  const isOne = recordPaths.length === 1
  return {
    format: 'json',
    cannot: null,
    declaration: { format: 'json', ...(path === null ? {} : { record: path }) },
    found: [{ about: 'record', value: path ?? 'each top-level value', evidence: text, confidence: isOne ? 0.95 : 0.8 }],
    doubts: recordDoubts(recordPaths, outline.top === 'object' && outline.wrapper === null && !isOne),
    recordPaths,
    headerNames: null,
    footer: null,
    likeness: JSON.stringify(['json', outline.top, path, outline.top === 'list' ? [] : outline.keys.slice(0, 3).toSorted()]),
  }
}

/** The whole document, or a list in it: a list beside nothing else but single values is what the document is for. */
function jsonPaths({ top, lists, keys, documents, wrapper }: JsonOutline): RecordPaths {
  const inside = lists.filter(({ path, objects }) => path !== '$' && objects > 0).toSorted((a, b) => a.depth - b.depth || b.objects - a.objects)
  const ofList = (list: JsonOutline['lists'][number]): RecordPaths[number] => ({ path: `${list.path}[*]`, text: `${list.objects.toLocaleString('en')} objects in the list ${list.path}` })
  if (top === 'list') return [{ path: null, text: 'each element of the top list' }]
  const whole: RecordPaths[number] = { path: null, text: documents > 1 ? `${documents.toLocaleString('en')} documents one after the other, each a record` : `the document is one record with ${keys.slice(0, 4).join(', ')}` }
  if (wrapper !== null && documents === 1) return [{ path: `$.${wrapper}`, text: `the object ${wrapper}, which is all that the document holds` }, whole, ...inside.slice(0, 6).map(ofList)]
  if (inside.length === 0 || documents > 1) return [whole]
  const shallow = inside.filter(({ depth }) => depth === 1)
  const [main] = shallow.toSorted((a, b) => b.objects - a.objects)
  const isEnvelope = main !== undefined && main.objects > 1 && shallow.length === 1
  const rest = inside.filter((list) => list !== main).slice(0, 8)
  return isEnvelope ? [ofList(main), whole, ...rest.map(ofList)] : [whole, ...inside.slice(0, 8).map(ofList)]
}

export function draftXml({ encoding }: TextContent): SourceDraft {
  const { root, repeated, children } = outlineXml(encoding.text)
  const ranked = repeated.toSorted((a, b) => a.depth - b.depth || b.count - a.count)
  const [best] = ranked
  const paths: RecordPaths = ranked.slice(0, 8).map(({ path, count }) => ({ path, text: `${count.toLocaleString('en')} or more ${path.split('/').at(-1) ?? ''} elements` }))
  const isDefault = best === undefined || (best.depth === 2 && children.length === 1)
  const recordPaths: RecordPaths = best === undefined ? [{ path: null, text: `the children of ${root}` }] : paths
  return {
    format: 'xml',
    cannot: null,
    declaration: { format: 'xml', ...(isDefault ? {} : { record: best.path }) },
    found: [{ about: 'record', value: isDefault ? `the children of ${root}` : best.path, evidence: recordPaths[0]?.text ?? '', confidence: recordPaths.length > 1 ? 0.7 : 0.9 }],
    doubts: recordDoubts(recordPaths, ranked.filter(({ depth }) => depth === best?.depth).length > 1),
    recordPaths,
    headerNames: null,
    footer: null,
    likeness: JSON.stringify(['xml', root, isDefault ? null : best.path]),
  }
}

function recordDoubts(paths: RecordPaths, areClose: boolean): Doubt[] {
  if (!areClose) return []
  const choices = paths.slice(0, 3).map(({ path, text }) => ({ label: path === null ? text : `${path}: ${text}`, change: { record: path } }))
  return [{ about: 'record', text: 'Records could be taken from more than one place of the document', choices }]
}
