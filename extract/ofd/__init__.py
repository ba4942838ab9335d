"""OFD documents (GB/T 33190): each page is drawn anew as a PDF page and read like one."""
