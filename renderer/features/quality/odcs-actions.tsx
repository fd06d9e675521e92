import { useRef } from 'react'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { handOver } from '../../ui/hand-over.ts'
import { useToast } from '../../ui/toast.tsx'
import type { OdcsFile } from './odcs-import.tsx'

/** A contract as a document of the Open Data Contract Standard, out and in. */
export function OdcsActions({ dataset, onFile }: { dataset: string; onFile: (file: OdcsFile) => void }) {
  const { client } = useApi()
  const toast = useToast()
  const input = useRef<HTMLInputElement>(null)
  const exportIt = async (): Promise<void> => {
    try {
      const { yaml } = await client.contracts.exportOdcs({ dataset })
      handOver(new Blob([yaml], { type: 'application/yaml' }), `${dataset}.odcs.yaml`)
    } catch (error) {
      toast({ status: 'failed', title: 'The contract was not exported', text: problemOf(error).message })
    }
  }
  const take = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) onFile({ name: file.name, text: await file.text() })
  }
  return (
    <>
      <Button small variant='quiet' onClick={() => void exportIt()} title='As a document of the Open Data Contract Standard 3.1'>Export ODCS</Button>
      <Button small variant='quiet' onClick={() => input.current?.click()} title='What a document of the Open Data Contract Standard promises, shown before it is written'>Import ODCS</Button>
      <input
        ref={input} type='file' accept='.yaml,.yml,.json' hidden aria-label={`ODCS document for ${dataset}`}
        onChange={(event) => {
          void take(event.target.files?.[0])
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
    </>
  )
}
