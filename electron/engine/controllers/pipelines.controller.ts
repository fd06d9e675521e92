import { z } from 'zod'
import { type SavedFile, savedFileSchema } from '../../../shared/contract/pipelines.contract.ts'
import { findingSchema } from '../../../shared/contract/workspace.contract.ts'
import type { EngineParts } from '../parts.ts'
import { type EditParts, readPipelineFile, removePipelineFile, savePipelineFile } from '../pipelines/edit-file.ts'
import { describeFile, listPipelineFiles, placeOfFile } from '../pipelines/pipeline-files.ts'
import type { Api } from './api.ts'
import { dataTypeOutline } from './data-type-outline.ts'

export type PipelinesControllerParts = EditParts & Pick<EngineParts, 'commands'>

const removedSchema = z.object({ findings: z.array(findingSchema) })

/** Commands are kept without what was found: that may be long, and is asked again. */
export function pipelinesController(api: Api, parts: PipelinesControllerParts) {
  const { commands, layout, workspace, clock } = parts
  return {
    files: api.pipelines.files.handler(() => listPipelineFiles(layout.root)),
    read: api.pipelines.read.handler(({ input }) => readPipelineFile(parts, input.path)),
    check: api.pipelines.check.handler(async ({ input }) => {
      await placeOfFile(layout.root, input.path)
      const { findings, dataTypes } = await workspace.modelWith(input)
      const own = dataTypes.find(({ name }) => name === describeFile(input.path)?.dataType)
      return { findings, dataType: own === undefined ? null : dataTypeOutline(own) }
    }),
    save: api.pipelines.save.handler(async ({ input: { commandId, ...edit }, context: { actor } }): Promise<SavedFile> => {
      const known = commands.answerTo(commandId, (answer) => savedFileSchema.parse(answer))
      if (known !== null) return { ...known, findings: workspace.current().findings }
      const saved = await savePipelineFile(parts, edit, actor)
      commands.once({ id: commandId, at: clock() }, (answer) => savedFileSchema.parse(answer), () => ({ ...saved, findings: [] }))
      return saved
    }),
    remove: api.pipelines.remove.handler(async ({ input: { commandId, ...file }, context: { actor } }) => {
      const known = commands.answerTo(commandId, (answer) => removedSchema.parse(answer))
      if (known !== null) return { findings: workspace.current().findings }
      const removed = await removePipelineFile(parts, file, actor)
      commands.once({ id: commandId, at: clock() }, (answer) => removedSchema.parse(answer), () => ({ findings: [] }))
      return removed
    }),
  }
}
