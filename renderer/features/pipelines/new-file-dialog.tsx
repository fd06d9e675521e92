import { useState } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import { datasetIdSchema } from '../../../shared/domain/naming.ts'
import { type Zone, ZONES } from '../../../shared/domain/zone.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { goTo, pipelinesAddress } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Labelled, NameField, SelectField } from '../../ui/field.tsx'
import { type NewKind, templateOf } from './templates.ts'

interface NewFileDialogProps {
  files: readonly PipelineFile[]
  dataTypes: readonly string[]
  onClose: () => void
}

const KINDS: readonly { value: NewKind; label: string }[] = [
  { value: 'sql', label: 'SQL step: a SELECT' },
  { value: 'processor', label: 'Processor: TypeScript, one entity at a time' },
  { value: 'contract', label: 'Contract of a step' },
  { value: 'dataType', label: 'Data type: a pipeline of its own' },
]

/** A new step, contract or data type: its file, in the folder that makes it what it is. */
export function NewFileDialog({ files, dataTypes, onClose }: NewFileDialogProps) {
  const [kind, setKind] = useState<NewKind>('sql')
  const [dataType, setDataType] = useState(dataTypes[0] ?? '')
  const [zone, setZone] = useState<Zone>('curated')
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const { client, queries, queryClient } = useApi()
  const isType = kind === 'dataType'
  const path = isType ? `pipelines/${name}/pipeline.yaml` : `pipelines/${dataType}/${zone}/${name}.${kind === 'sql' ? 'sql' : kind === 'processor' ? 'ts' : 'yaml'}`
  const reason = reasonAgainst({ path, dataset: isType ? `${name}.raw.x` : `${dataType}.${zone}.${name}`, isTaken: files.some((file) => file.path === path) })
  const make = (): void => {
    client.pipelines
      .save({ commandId: crypto.randomUUID(), path, text: templateOf({ kind, dataType: isType ? name : dataType, files }), expected: null })
      .then(async () => {
        await Promise.all([queryClient.invalidateQueries({ queryKey: queries.pipelines.files.key() }), queryClient.invalidateQueries({ queryKey: queries.workspace.key() })])
        onClose()
        goTo(pipelinesAddress({ file: path }))
      })
      .catch((error: unknown) => setProblem(problemOf(error).message))
  }
  return (
    <Dialog open onClose={onClose} title='New file' actions={<><Button onClick={onClose}>Cancel</Button><Button variant='primary' type='submit' form='new-file' disabledReason={reason}>Make the file</Button></>}>
      <form
        id='new-file'
        className='new-file'
        onSubmit={(event) => {
          event.preventDefault()
          if (reason === null) make()
        }}
      >
        <Labelled label='Kind'>{({ id }) => <SelectField id={id} label='Kind' value={kind} options={KINDS} onChange={setKind} width='100%' />}</Labelled>
        {!isType && <Labelled label='Data type'>{({ id }) => <SelectField id={id} label='Data type' value={dataType} options={dataTypes.map((value) => ({ value, label: value }))} onChange={setDataType} width='100%' />}</Labelled>}
        {!isType && <Labelled label='Zone'>{({ id }) => <SelectField id={id} label='Zone' value={zone} options={zonesFor(kind)} onChange={setZone} width='100%' />}</Labelled>}
        <NameField label={isType ? 'Name of the data type' : 'Name of the dataset'} hint={name === '' ? 'Small letters, digits and _' : `Makes ${path}`} error={problem ?? (name === '' ? null : reason)} value={name} maxLength={63} onChange={setName} />
      </form>
    </Dialog>
  )
}

/** What is raw comes from a source, which only has a contract. */
function zonesFor(kind: NewKind): { value: Zone; label: string }[] {
  return ZONES.filter((value) => value !== 'raw' || kind === 'contract').map((value) => ({ value, label: value }))
}

function reasonAgainst({ path, dataset, isTaken }: { path: string; dataset: string; isTaken: boolean }): string | null {
  if (isTaken) return `${path} is there already`
  return datasetIdSchema.safeParse(dataset).success ? null : 'A name has small letters, digits and _, and begins with a letter'
}
