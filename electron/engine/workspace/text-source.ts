import { didYouMean } from '../../../shared/domain/naming.ts'
import { COMMON_ENCODINGS, encodingName } from '../etl/encodings/encoding-names.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { SkipRule, SourceSpec } from './model.ts'
import type { FileFormat } from './pipeline-file.schema.ts'
import { complain, type SourceContext } from './source-context.ts'

type TextOptions = Pick<SourceSpec, 'encoding' | 'member' | 'skip'>

/** How the bytes of a source's files become text; only what is declared. */
export function readTextOptions(context: SourceContext, format: FileFormat): TextOptions {
  const { member } = context.source
  return { ...readEncoding(context), ...(member === undefined ? {} : { member: typeof member === 'string' ? [member] : [...member] }), ...readSkip(context, format) }
}

function readEncoding(context: SourceContext): Pick<SourceSpec, 'encoding'> {
  const { encoding } = context.source
  if (encoding === undefined) return {}
  const name = encodingName(encoding)
  if (name !== null) return { encoding: name }
  complain(context, 'encoding', { code: 'invalid-value', message: `"${encoding}" is no encoding that can be read`, suggestion: didYouMean(encoding, COMMON_ENCODINGS) ?? 'Write utf-8, utf-16, windows-1252, shift_jis ..., or leave it out to have it found' })
  return {}
}

/** Formats whose records have a text. */
const WITH_TEXT: readonly FileFormat[] = ['csv', 'tsv', 'fixed', 'json', 'ndjson', 'xml', 'xlsx']

function readSkip(context: SourceContext, format: FileFormat): Pick<SourceSpec, 'skip'> {
  const { name, source, document, findings } = context
  if (source.skip === undefined) return {}
  const rules = Object.entries(source.skip).map(([rule, written]): SkipRule => {
    const declared = typeof written === 'string' ? { where: written } : written
    const problem = 'pattern' in declared ? patternProblem(declared.pattern, format) : null
    if (problem !== null) findings.add({ code: 'invalid-pattern', file: document.file, at: document.place(['sources', name, 'skip', rule], 'value'), message: problem })
    return { name: rule, ...declared }
  })
  return { skip: rules }
}

function patternProblem(pattern: string, format: FileFormat): string | null {
  if (!WITH_TEXT.includes(format)) return `a pattern looks at the text of a record, and ${format} has none; write a condition instead`
  try {
    new RegExp(pattern, 'u')
    return null
  } catch (error) {
    return `"${pattern}" is no regular expression: ${toProblem(error).message}`
  }
}
