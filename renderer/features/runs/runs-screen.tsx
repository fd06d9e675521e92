import { PageHead } from '../../ui/bars.tsx'

export function RunsScreen() {
  return <div className='view'><section className='main'><PageHead title='Runs' /></section></div>
}
