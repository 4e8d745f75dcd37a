"""One module per lesson; `dlrun.gallery.table` lists them."""
