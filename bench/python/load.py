"""What loading costs: the import and one tensor."""

import torch

torch.tensor([1.0])
