import { drugFiles } from './drug-files.ts'
import { prevalenceFiles, type SampleFiles } from './prevalence-files.ts'
import { sampleDiseases, sampleGroups } from './sample-diseases.ts'
import { sampleDrugs } from './sample-drugs.ts'
import { trialFiles } from './trial-files.ts'

/** Every delivered file of the sample workspace: path in the workspace to text. The same bytes on every machine. */
export function sampleFiles(): SampleFiles {
  const groups = sampleGroups()
  const diseases = sampleDiseases(groups)
  const drugs = sampleDrugs(diseases, 320)
  return new Map([...prevalenceFiles(groups, diseases), ...drugFiles(drugs), ...trialFiles(diseases, drugs)])
}
