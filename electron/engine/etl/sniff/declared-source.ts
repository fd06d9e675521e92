import { stringify } from 'yaml'
import type { Declaration } from '../../../../shared/contract/ingest.contract.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { FindingList } from '../../workspace/finding-list.ts'
import type { SourceSpec } from '../../workspace/model.ts'
import { readMapping } from '../../workspace/mapping-source.ts'
import { pipelineFileSchema } from '../../workspace/pipeline-file.schema.ts'
import { readWithSchema } from '../../workspace/schema-reading.ts'
import { readSource } from '../../workspace/source-spec.ts'
import { parseYaml } from '../../workspace/yaml-document.ts'

/**
 * What a declaration means, read by the same reader as pipeline.yaml, so that a preview and a run never differ.
 * @throws BAD_INPUT with the first mistake
 */
export function declaredSource(declaration: Declaration, name = 'source'): SourceSpec {
  const findings = new FindingList()
  const document = parseYaml('pipeline.yaml', stringify({ sources: { [name]: { ...declaration, files: ['inbox'] } } }), findings)
  const source = readWithSchema(document, pipelineFileSchema, findings)?.sources?.[name]
  const context = source === undefined ? null : { name, source, parameters: [], document, findings }
  const read = context === null ? null : readSource(context)
  const spec = context === null || read === null ? null : readMapping(context, read).spec
  const [mistake] = findings.sorted().filter(({ severity }) => severity === 'error')
  if (mistake !== undefined) throw new ProblemError('BAD_INPUT', mistake.message, { hint: mistake.suggestion, details: { code: mistake.code } })
  if (spec === null) throw new ProblemError('BAD_INPUT', 'The declaration is no source')
  return spec
}
