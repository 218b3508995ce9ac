/** What loading costs: the import and one tensor, in a process of its own. */
import * as torch from "torch-node";

torch.tensor([1.0]);
