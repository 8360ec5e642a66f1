// Shows the stored PDF in a new tab. The file needs the key in a header, so it is fetched and shown from memory.
import { downloadInvoice } from '../api/invoices';

/** Long enough to read and print; a reload of the tab after that needs a new download. */
const KEEP_MS = 10 * 60_000;

/** Must be called in the click itself: browsers block tabs that are opened later. */
export async function openPdf(invoiceId: string, number: string): Promise<void> {
  const tab = window.open('', '_blank');
  if (tab) {
    tab.opener = null;
    tab.document.title = number;
    tab.document.body.textContent = 'The PDF is being fetched…';
  }
  try {
    const url = await blobUrl(invoiceId, number);
    if (tab) tab.location.replace(url);
    else saveAs(url, number);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

export async function savePdf(invoiceId: string, number: string): Promise<void> {
  saveAs(await blobUrl(invoiceId, number), number);
}

async function blobUrl(invoiceId: string, number: string): Promise<string> {
  const bytes = await downloadInvoice(invoiceId);
  const url = URL.createObjectURL(new File([bytes], fileName(number), { type: 'application/pdf' }));
  window.setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
  return url;
}

function saveAs(url: string, number: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(number);
  link.click();
}

function fileName(number: string): string {
  return `${number.replace(/[^\w.-]+/g, '_') || 'draft'}.pdf`;
}
