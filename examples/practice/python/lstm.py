import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader, random_split
from support import fit, losses_of, pick, read_table, report, seed


class NameClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(27, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.linear = nn.Linear(64, 2)

    def forward(self, letters, lengths):
        packed = pack_padded_sequence(self.embedding(letters), lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.lstm(packed)
        return self.linear(hidden.squeeze(0))


torch.manual_seed(seed)
table = read_table("names")
samples = [(torch.tensor([ord(letter) - 96 for letter in name.lower()]), ["female", "male"].index(sex)) for name, sex in zip(table["name"], table["sex"])]
train_set, test_set = random_split(samples, [0.8, 0.2])


def collate(batch):
    names = [letters for letters, _ in batch]
    return pad_sequence(names, batch_first=True), torch.tensor([len(letters) for letters in names]), torch.tensor([sex for _, sex in batch])


model = NameClassifier()
history = fit(model, DataLoader(train_set, batch_size=64, shuffle=True, collate_fn=collate), DataLoader(test_set, batch_size=1000, collate_fn=collate),
              nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=0.003, fused=True), epochs=pick(5, 1))
report({"accuracy": history[-1]["val_acc"]}, losses_of(history))
