// Drives the console as an accountant would, by what is on the screen: roles, names and labels. Started by test_console.py with the
// addresses in environment variables; prints one JSON object with what it saw.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { CONSOLE_URL, CUSTOMER, HOURS, INVOICE_CHROMIUM, INVOICE_PLAYWRIGHT, SCREENSHOTS } = process.env;
const STEP_MS = 20_000;

const { chromium } = createRequire(join(INVOICE_PLAYWRIGHT, 'here.js'))('playwright-core');

/** Faults of the page itself fail the test, however well it looks. */
function collectFaults(page, faults) {
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
}

async function shoot(page, name) {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

async function openCustomers(page) {
  await page.goto(CONSOLE_URL);
  await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
  const row = page.getByRole('row').filter({ hasText: CUSTOMER });
  await row.waitFor();
  await shoot(page, 'customers');
  await row.getByRole('link', { name: 'Generate' }).click();
}

async function generate(page) {
  await page.getByRole('heading', { name: 'Generate an invoice' }).waitFor();
  await page.getByText('per hour').waitFor();
  await page.getByLabel('Hours').fill(HOURS);
  const email = page.getByRole('switch', { name: 'Email the invoice' });
  await email.check();
  await page.getByRole('button', { name: 'Generate' }).click();
  const number = await page.getByRole('heading', { level: 2, name: /^INV-/ }).textContent();
  await shoot(page, 'generated');
  return number.trim();
}

async function readInvoice(page) {
  await page.getByRole('link', { name: 'Open the invoice' }).click();
  await page.getByRole('button', { name: 'Resend email' }).waitFor();
  // The page follows the worker: no reload here.
  await page.getByText('Transcript').first().waitFor();
  await shoot(page, 'invoice');
  return page.getByRole('main').last().innerText();
}

async function openPdf(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/pdf'));
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Open PDF' }).click();
  const [response, tab] = [await answered, await opened];
  const contentType = await response.headerValue('content-type');
  await tab.close();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the PDF' }).click();
  const download = await saving;
  return { status: response.status(), contentType, name: download.suggestedFilename(), path: await savedAs(download) };
}

async function savedAs(download) {
  const path = join(SCREENSHOTS, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

async function resend(page) {
  await page.getByRole('button', { name: 'Resend email' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Another recipient').fill('second@contoso.example.com');
  await shoot(page, 'resend');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/^Again · accepted/i).waitFor();
  await shoot(page, 'resent');
}

/** The same period again: the console names the invoice that is there. */
async function generateAgain(page) {
  await page.goBack();
  await page.getByLabel('Hours').fill(HOURS);
  await page.getByRole('button', { name: 'Generate' }).click();
  const refusal = page.getByRole('alert').filter({ hasText: 'This period is billed already' });
  await refusal.waitFor();
  await shoot(page, 'refused');
  return refusal.innerText();
}

/** An empty form is refused: the page says what is missing and goes to the first field at fault. */
async function createNothing(page) {
  await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('button', { name: 'New customer' }).click();
  const drawer = page.getByRole('dialog');
  // The only vendor is chosen by itself.
  await drawer.getByRole('tab', { name: 'Schedule' }).click();
  await drawer.getByRole('button', { name: 'Create customer' }).click();
  await drawer.getByText('Required').first().waitFor();
  await shoot(page, 'incomplete');
  return page.evaluate(() => document.activeElement.labels[0].innerText);
}

const browser = await chromium.launch({ executablePath: INVOICE_CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--no-proxy-server'] });
const faults = [];
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-CA', acceptDownloads: true });
  context.setDefaultTimeout(STEP_MS);
  const page = await context.newPage();
  collectFaults(page, faults);
  try {
    await openCustomers(page);
    const number = await generate(page);
    const invoiceText = await readInvoice(page);
    const pdf = await openPdf(page);
    await resend(page);
    const faultsBefore = [...faults];
    const refusal = await generateAgain(page);
    const focused = await createNothing(page);
    console.log(JSON.stringify({ number, invoiceText, pdf, refusal, focused, faults: faultsBefore }));
  } catch (error) {
    await shoot(page, 'failed');
    console.error(`${error.stack}\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
}
