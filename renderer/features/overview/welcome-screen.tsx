import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../api/api.tsx'
import { ingestAddress, overviewAddress } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { KeyName } from '../../ui/kbd.tsx'
import './welcome.css'

/** What Strata is, and the three ways to begin. Shown at the first start; afterwards from the palette. */
export function WelcomeScreen() {
  const { queries, host } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  return (
    <div className='view'>
      <section className='main' aria-label='Welcome' data-region='' tabIndex={-1}>
        <PageHead title='Welcome to Strata' actions={<LinkButton icon='overview' href={overviewAddress}>Go to the overview</LinkButton>} />
        <div className='welcome scroll' tabIndex={0} role='group' aria-label='How to begin'>
          <p className='welcome-lead'>Strata runs data pipelines on this machine, keeps every version of every table, and leads any value back to the file and line it came from.</p>
          <ol className='welcome-ways'>
            <Way icon='folder' title='Open a folder of yours' action={host === null ? <code>strata serve my-folder</code> : <Button icon='folder' onClick={() => void host.openWorkspace()}>Open a folder</Button>}>
              A workspace is a folder: what comes in, what is made of it, and how. A folder that is none yet becomes one when you say so. {workspace.data !== undefined && <>This window has <span className='mono'>{workspace.data.path}</span> open.</>}
            </Way>
            <Way icon='overview' title='Try the sample' action={host === null ? <code>strata init my-workspace --sample rare-disease</code> : <LinkButton icon='play' href={overviewAddress}>See the sample</LinkButton>}>
              Three kinds of data about rare diseases, with pipelines, rules and a few bad records on purpose. Run it, look around, delete the folder.
            </Way>
            <Way icon='inbox' title='Drop your files anywhere' action={<LinkButton variant='primary' icon='inbox' href={ingestAddress()}>Choose files</LinkButton>}>
              Strata says what they are, with evidence and doubts, before anything is written. Records that cannot be read go to quarantine; nothing is lost.
            </Way>
          </ol>
          <p className='t2'><KeyName of='palette' /> finds everything, <KeyName of='keys' /> shows the keys. This page is in the palette as “Welcome”.</p>
        </div>
      </section>
    </div>
  )
}

function Way({ icon, title, action, children }: { icon: IconName; title: string; action: ReactNode; children: ReactNode }) {
  return (
    <li>
      <Icon name={icon} size={22} />
      <h2>{title}</h2>
      <p>{children}</p>
      <div>{action}</div>
    </li>
  )
}
