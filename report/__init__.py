"""What people look at: pages, forms and exports, made from landed tables."""
