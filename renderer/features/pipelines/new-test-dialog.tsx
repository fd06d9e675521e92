import { useState } from 'react'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NameField } from '../../ui/field.tsx'
import type { StepTests } from './use-step-tests.ts'

interface NewTestDialogProps {
  dataset: string
  /** Files that are there. */
  taken: readonly string[]
  tests: StepTests
  onClose: () => void
  onMade: (file: string) => void
}

/** A test with rows of the data to begin with. */
export function NewTestDialog({ dataset, taken, tests, onClose, onMade }: NewTestDialogProps) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isMaking, setIsMaking] = useState(false)
  const path = `pipelines/${dataset.split('.')[0] ?? ''}/tests/${name}.yaml`
  const reason = taken.includes(path) ? `${path} is there already` : /^[a-z][a-z0-9_-]{0,62}$/.test(name) ? null : 'Small letters, digits, _ and -, beginning with a letter'
  const make = async (): Promise<void> => {
    setIsMaking(true)
    try {
      await tests.save(path, await tests.draft(dataset), null)
      onMade(path)
      onClose()
    } catch (error) {
      const { message, hint } = problemOf(error)
      setProblem(hint === null ? message : `${message}. ${hint}`)
      setIsMaking(false)
    }
  }
  return (
    <Dialog open onClose={onClose} title='New test' actions={<><Button onClick={onClose}>Cancel</Button><Button variant='primary' type='submit' form='new-test' disabledReason={isMaking ? 'It is being made' : reason}>Make the test</Button></>}>
      <form
        id='new-test'
        className='new-file'
        onSubmit={(event) => {
          event.preventDefault()
          if (reason === null && !isMaking) void make()
        }}
      >
        <p className='t2 s12'>{`It begins with a few rows of what ${dataset} reads, and with what the SELECT makes of them now. Change both to what has to be.`}</p>
        <NameField label='Name of the test' hint={name === '' ? 'What is tested: empty_input, two_orders_a_day' : `Makes ${path}`} error={problem ?? (name === '' ? null : reason)} value={name} maxLength={63} onChange={setName} />
      </form>
    </Dialog>
  )
}
