import { readFile } from 'node:fs/promises'
import { savedFileSchema } from '../../../shared/contract/pipelines.contract.ts'
import type { StepTest } from '../../../shared/contract/step-tests.contract.ts'
import type { EngineParts } from '../parts.ts'
import { type EditParts, savePipelineFile } from '../pipelines/edit-file.ts'
import { requireTestFile, placeOfFile } from '../pipelines/pipeline-files.ts'
import { type DraftParts, draftTest } from '../step-tests/draft-test.ts'
import { chosenTests, runTests } from '../step-tests/run-tests.ts'
import { withTest } from '../step-tests/test-text.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import type { Api } from './api.ts'

export type StepTestsControllerParts = DraftParts & EditParts & Pick<EngineParts, 'commands'>

export function stepTestsController(api: Api, parts: StepTestsControllerParts) {
  const { commands, layout, workspace, clock } = parts
  return {
    list: api.tests.list.handler(({ input }): StepTest[] =>
      chosenTests(parts, input).map(({ file, name, dataset, description, given, expected }) => ({ file, name, dataset, description, given: given.map(({ types, ...table }) => ({ ...table, known: types })), expected })),
    ),
    run: api.tests.run.handler(({ input, signal }) => runTests(parts, input, signal)),
    draft: api.tests.draft.handler(({ input, context: { actor }, signal }) => draftTest(parts, input, { actor, signal })),
    save: api.tests.save.handler(async ({ input: { commandId, path, test, expected }, context: { actor } }) => {
      const known = commands.answerTo(commandId, (answer) => savedFileSchema.parse(answer))
      if (known !== null) return { ...known, findings: workspace.current().findings }
      requireTestFile(path)
      const before = await readFile(await placeOfFile(layout.root, path), 'utf8').catch(whenAbsent(null))
      const saved = await savePipelineFile(parts, { path, text: withTest(before, path, test), expected }, actor)
      commands.once({ id: commandId, at: clock() }, (answer) => savedFileSchema.parse(answer), () => ({ ...saved, findings: [] }))
      return saved
    }),
  }
}
