"""The commands of ``kaohe`` in groups, one module each; its name is the command's."""
