-- Addresses of one mailbox have one key, and the emails that were there are found by theirs.
DO $$
BEGIN
  ASSERT address_key('AP@Example.COM') = 'ap@example.com', 'ASCII is made small';
  ASSERT address_key('ap@bücher.example') = address_key('AP@xn--bcher-kva.EXAMPLE'), 'A-labels';
  ASSERT address_key('a@BÜCHER.example') = address_key(U&'a@bu\0308cher.example'), 'case and normal form';
  ASSERT address_key('a@xn--fiqs8s') = 'a@中国' AND address_key('a@mail.xn--80ak6aa92e.com') = 'a@mail.аррӏе.com', 'other scripts';
  ASSERT address_key('a@xn--strae-oqa.de') = address_key('a@straße.de') AND address_key('a@strasse.de') <> address_key('a@straße.de'), 'IDNA 2008';
  ASSERT address_key('a@xn--99999999.x') = 'a@xn--99999999.x', 'what cannot be read stays';
  ASSERT address_key('a@xn---abc.com') = 'a@xn---abc.com' AND address_key('a@xn---.com') = 'a@xn---.com', 'a label without letters of ASCII';
  ASSERT address_key('a@xn--bcher-kva.example') <> address_key('b@xn--bcher-kva.example'), 'another mailbox';
  ASSERT address_key('no address ü') = 'no address ü', 'no address';
  ASSERT NOT EXISTS (SELECT 1 FROM emails WHERE address_key(recipient) <> lower(recipient)), 'addresses in ASCII keep their key';
END $$;
