import type { ReactNode } from 'react'
import { goTo, QUALITY_VIEWS, type QualityView, qualityAddress } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { sentence } from '../../ui/format.ts'
import './quality.css'

interface QualityFrameProps {
  view: QualityView
  /** One line of facts. */
  facts?: ReactNode
  /** At the right of the head, primary last. */
  actions?: ReactNode
  /** What the views keep in common when one moves between them. */
  dataType?: string | undefined
  children: ReactNode
}

/** Head and tabs that all views of the Quality screen share. Each view has an address and a screen of its own. */
export function QualityFrame({ view, facts = '', actions, dataType, children }: QualityFrameProps) {
  return (
    <div className='view'>
      <section className='main' aria-label='Quality' data-region='' tabIndex={-1}>
        <PageHead title='Quality' facts={facts} actions={actions} />
        <Tabs label='What to look at' tabs={QUALITY_VIEWS.map((id) => ({ id, label: sentence(id) }))} value={view} onChange={(next) => goTo(qualityAddress(next, { dataType }))} />
        <TabPanel id={view}>{children}</TabPanel>
      </section>
    </div>
  )
}
