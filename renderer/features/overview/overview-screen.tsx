import { PageHead } from '../../ui/bars.tsx'

export function OverviewScreen() {
  return <div className='view'><section className='main'><PageHead title='Overview' /></section></div>
}
