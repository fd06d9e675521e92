import { didYouMean } from '../../../shared/domain/naming.ts'
import { COMMON_ENCODINGS, encodingName } from '../etl/encodings/encoding-names.ts'
import type { SourceSpec } from './model.ts'
import { complain, type SourceContext } from './source-context.ts'

type TextOptions = Pick<SourceSpec, 'encoding' | 'member'>

/** How the bytes of a source's files become text; only what is declared. */
export function readTextOptions(context: SourceContext): TextOptions {
  const { member } = context.source
  return { ...readEncoding(context), ...(member === undefined ? {} : { member: typeof member === 'string' ? [member] : [...member] }) }
}

function readEncoding(context: SourceContext): Pick<SourceSpec, 'encoding'> {
  const { encoding } = context.source
  if (encoding === undefined) return {}
  const name = encodingName(encoding)
  if (name !== null) return { encoding: name }
  complain(context, 'encoding', { code: 'invalid-value', message: `"${encoding}" is no encoding that can be read`, suggestion: didYouMean(encoding, COMMON_ENCODINGS) ?? 'Write utf-8, utf-16, windows-1252, shift_jis ..., or leave it out to have it found' })
  return {}
}
